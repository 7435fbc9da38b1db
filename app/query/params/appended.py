"""Parameters that other programs append to the addresses that they pass on, open or fetch.

Addresses for people, probes and feeds ignore them, so that a shared link works. All others refuse them as they refuse
any unknown parameter, and say where it comes from.
"""

from typing import NamedTuple
from urllib.parse import unquote_to_bytes


class AppendedParameter(NamedTuple):
    """A parameter, the program that appends it, and a value as it appends it.

    A name that ends in `*` stands for all names that begin so.
    """

    name: str
    program: str
    example: str


APPENDED_PARAMETERS = (
    AppendedParameter("utm_*", "Google Analytics and programs that follow it", "utm_source=wechat"),
    AppendedParameter("_ga", "Google Analytics", "_ga=2.1234.5678"),
    AppendedParameter("_gl", "Google Analytics", "_gl=1*abc*_ga*xyz"),
    AppendedParameter("gclid", "Google Ads", "gclid=Cj0KCQ"),
    AppendedParameter("gclsrc", "Google Ads", "gclsrc=aw.ds"),
    AppendedParameter("dclid", "Google Ads", "dclid=CN6Y"),
    AppendedParameter("gbraid", "Google Ads", "gbraid=0AAAA"),
    AppendedParameter("wbraid", "Google Ads", "wbraid=Cl8K"),
    AppendedParameter("gad_*", "Google Ads", "gad_source=1"),
    AppendedParameter("srsltid", "Google Search", "srsltid=AfmB"),
    AppendedParameter("fbclid", "Facebook", "fbclid=IwAR"),
    AppendedParameter("fb_*", "Facebook", "fb_action_ids=1015"),
    AppendedParameter("mibextid", "Facebook", "mibextid=Zxz2cZ"),
    AppendedParameter("igsh", "Instagram", "igsh=MzRl"),
    AppendedParameter("igshid", "Instagram", "igshid=YmMy"),
    AppendedParameter("msclkid", "Microsoft Advertising", "msclkid=5a3c"),
    AppendedParameter("twclid", "X", "twclid=2-3bhr"),
    AppendedParameter("ref_src", "X", "ref_src=twsrc%5Etfw"),
    AppendedParameter("ttclid", "TikTok", "ttclid=E.C.P"),
    AppendedParameter("li_fat_id", "LinkedIn", "li_fat_id=8c3f"),
    AppendedParameter("epik", "Pinterest", "epik=dj0y"),
    AppendedParameter("ScCid", "Snapchat", "ScCid=d7a1"),
    AppendedParameter("rdt_cid", "Reddit", "rdt_cid=4890"),
    AppendedParameter("yclid", "Yandex", "yclid=1234"),
    AppendedParameter("ysclid", "Yandex", "ysclid=lk2x"),
    AppendedParameter("_openstat", "Openstat", "_openstat=ZGly"),
    AppendedParameter("ymclid", "Yandex", "ymclid=16"),
    AppendedParameter("from", "WeChat", "from=singlemessage"),
    AppendedParameter("isappinstalled", "WeChat", "isappinstalled=0"),
    AppendedParameter("nsukey", "WeChat", "nsukey=zA51Jl1"),
    AppendedParameter("scene", "WeChat", "scene=1"),
    AppendedParameter("subscene", "WeChat", "subscene=10000"),
    AppendedParameter("clicktime", "WeChat", "clicktime=1601600000"),
    AppendedParameter("enterid", "WeChat", "enterid=1601600000"),
    AppendedParameter("tdsourcetag", "QQ and TIM", "tdsourcetag=s_pcqq_aiomsg"),
    AppendedParameter("qq-pf-to", "QQ and TIM", "qq-pf-to=pcqq.c2c"),
    AppendedParameter("qq_aio_chat_type", "QQ and TIM", "qq_aio_chat_type=2"),
    AppendedParameter("_wv", "QQ and TIM", "_wv=1027"),
    AppendedParameter("ADUIN", "QQ and TIM", "ADUIN=10001"),
    AppendedParameter("ADSESSION", "QQ and TIM", "ADSESSION=1601600000"),
    AppendedParameter("ADTAG", "QQ and TIM", "ADTAG=CLIENT.QQ"),
    AppendedParameter("ADPUBNO", "QQ and TIM", "ADPUBNO=26933"),
    AppendedParameter("launchid", "Weibo", "launchid=10000365--x"),
    AppendedParameter("v_p", "Weibo", "v_p=90"),
    AppendedParameter("wm", "Weibo", "wm=3333_2001"),
    AppendedParameter("aid", "Weibo", "aid=01A0pWWb"),
    AppendedParameter("WBAPIAnalysisOriUICodes", "Weibo", "WBAPIAnalysisOriUICodes=10000011"),
    AppendedParameter("dt_dapp", "Douban", "dt_dapp=1"),
    AppendedParameter("dt_platform", "Douban", "dt_platform=wechat_friends"),
    AppendedParameter("spm", "Alibaba's sites", "spm=a2c4g.11186623"),
    AppendedParameter("bd_vid", "Baidu Ads", "bd_vid=8153"),
    AppendedParameter("hmsr", "Baidu Tongji", "hmsr=weixin"),
    AppendedParameter("hmpl", "Baidu Tongji", "hmpl=plan1"),
    AppendedParameter("hmcu", "Baidu Tongji", "hmcu=unit1"),
    AppendedParameter("hmkw", "Baidu Tongji", "hmkw=word1"),
    AppendedParameter("hmci", "Baidu Tongji", "hmci=idea1"),
    AppendedParameter("qhclickid", "360 Ads", "qhclickid=bcc94ddc"),
    AppendedParameter("gdt_vid", "Tencent Ads", "gdt_vid=wx0abc"),
    AppendedParameter("qz_gdt", "Tencent Ads", "qz_gdt=abcd"),
    AppendedParameter("clickid", "Douyin's and Toutiao's ads", "clickid=EJiw"),
    AppendedParameter("adid", "Douyin's and Toutiao's ads", "adid=1650"),
    AppendedParameter("creativeid", "Douyin's and Toutiao's ads", "creativeid=1651"),
    AppendedParameter("creativetype", "Douyin's and Toutiao's ads", "creativetype=5"),
    AppendedParameter("mc_cid", "Mailchimp", "mc_cid=9c1f"),
    AppendedParameter("mc_eid", "Mailchimp", "mc_eid=1e2d"),
    AppendedParameter("ml_subscriber*", "MailerLite", "ml_subscriber=123"),
    AppendedParameter("ck_subscriber_id", "Kit", "ck_subscriber_id=987"),
    AppendedParameter("_bhlid", "beehiiv", "_bhlid=3f2a"),
    AppendedParameter("dm_i", "Dotdigital", "dm_i=4ZQ1"),
    AppendedParameter("vero_*", "Vero", "vero_id=abc"),
    AppendedParameter("oly_*", "Omeda", "oly_enc_id=1234A"),
    AppendedParameter("bsft_*", "Blueshift", "bsft_clkid=0a1b"),
    AppendedParameter("sfmc_*", "Salesforce Marketing Cloud", "sfmc_id=55"),
    AppendedParameter("__s", "Drip", "__s=xyz"),
    AppendedParameter("_hsenc", "HubSpot", "_hsenc=p2AN"),
    AppendedParameter("_hsmi", "HubSpot", "_hsmi=7654"),
    AppendedParameter("__hstc", "HubSpot", "__hstc=1.2.3"),
    AppendedParameter("__hssc", "HubSpot", "__hssc=1.1.2"),
    AppendedParameter("__hsfp", "HubSpot", "__hsfp=1234"),
    AppendedParameter("hsCtaTracking", "HubSpot", "hsCtaTracking=ab%7Ccd"),
    AppendedParameter("hsa_*", "HubSpot", "hsa_acc=123"),
    AppendedParameter("mkt_tok", "Marketo", "mkt_tok=eyJp"),
    AppendedParameter("_kx", "Klaviyo", "_kx=abc.DEF"),
    AppendedParameter("pk_*", "Matomo", "pk_campaign=news"),
    AppendedParameter("mtm_*", "Matomo", "mtm_campaign=news"),
    AppendedParameter("piwik_*", "Matomo", "piwik_campaign=news"),
    AppendedParameter("matomo_*", "Matomo", "matomo_campaign=news"),
    AppendedParameter("s_cid", "Adobe Analytics", "s_cid=em"),
    AppendedParameter("s_kwcid", "Adobe Advertising", "s_kwcid=AL1"),
    AppendedParameter("ef_id", "Adobe Advertising", "ef_id=Cj0K:G:s"),
    AppendedParameter("xtor", "Piano Analytics", "xtor=RSS-1"),
    AppendedParameter("wt_mc", "Mapp Intelligence", "wt_mc=newsletter"),
    AppendedParameter("irclickid", "impact.com", "irclickid=xYz"),
    AppendedParameter("rb_clickid", "Rakuten", "rb_clickid=12"),
    AppendedParameter("wickedid", "Wicked Reports", "wickedid=4"),
    AppendedParameter("_branch_match_id", "Branch", "_branch_match_id=71"),
    AppendedParameter("_branch_referrer", "Branch", "_branch_referrer=H4s"),
    AppendedParameter("at_medium", "Piano Analytics", "at_medium=RSS"),
    AppendedParameter("at_campaign", "Piano Analytics", "at_campaign=64"),
    AppendedParameter("ref", "Ghost and other blogs", "ref=example.org"),
    AppendedParameter("__cf_chl_*", "Cloudflare", "__cf_chl_tk=abc"),
    AppendedParameter("_", "jQuery and feed readers, against caches", "_=1625112000000"),
    AppendedParameter("_t", "scripts, against caches", "_t=1625112000"),
    AppendedParameter("_ts", "scripts, against caches", "_ts=1625112000"),
    AppendedParameter("nocache", "scripts, against caches", "nocache=1"),
    AppendedParameter("cachebuster", "scripts, against caches", "cachebuster=1"),
    AppendedParameter("cacheBust", "podcast and feed readers, against caches", "cacheBust=1625112000000"),
)
_PROGRAMS = {each.name: each.program for each in APPENDED_PARAMETERS if not each.name.endswith("*")}
_FAMILIES = {each.name[:-1]: each.program for each in APPENDED_PARAMETERS if each.name.endswith("*")}
_FAMILY_STARTS = tuple(_FAMILIES)


def appending_program(name: str) -> str | None:
    """Return the program that appends a parameter; None for a parameter that none is known to append."""
    program = _PROGRAMS.get(name)
    if program is None and name.startswith(_FAMILY_STARTS):
        program = next(program for start, program in _FAMILIES.items() if name.startswith(start))
    return program


def without_appended(query_string: bytes) -> bytes:
    """Return a query string without the parameters that other programs appended; the others stay as they were sent."""
    parts = query_string.split(b"&")
    kept = [part for part in parts if not part or appending_program(_decoded_name(part)) is None]
    return query_string if len(kept) == len(parts) else b"&".join(kept)


def _decoded_name(part: bytes) -> str:
    name = part.partition(b"=")[0]
    return unquote_to_bytes(name).decode("latin-1") if b"%" in name else name.decode("latin-1")
