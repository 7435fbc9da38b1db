"""Problems as pages: what is wrong, in both languages, with a search and a way back."""

from app.api.context import AppContext
from app.api.endpoints.pages.page import HTML, PageRequest, page_headers
from app.api.problems import problem_response
from app.errors import Problem
from app.http.negotiation import best_match
from app.http.response import ApiResponse
from app.renderers.site.language import DEFAULT_LANGUAGE, Text
from app.renderers.site.templates import Frame, render_template

PROBLEM_MEDIA_TYPES = (("json", "application/problem+json"), ("html", "text/html"))
ADDRESSES_FOR_PROGRAMS = ("/v1", "/sdmx", "/openapi.json", "/healthz", "/readyz", "/version", "/assets", "/catalog")
"""What never answers HTML begins with one of these."""
TITLES = {
    400: Text("地址有误", "The address has a fault"),
    404: Text("没有这个页面", "There is no such page"),
    405: Text("不能这样请求", "This cannot be asked in this way"),
    406: Text("没有所要的格式", "The format asked for is not on offer"),
    414: Text("地址太长", "The address is too long"),
    503: Text("暂时无法应答", "The service cannot answer at the moment"),
}
"""What pages call a problem, by status."""
OTHER_TITLE = Text("出错了", "Something went wrong")


def wants_page(path: str, accept: bytes) -> bool:
    """Return whether a problem at an address is to be shown as a page."""
    if path.startswith(ADDRESSES_FOR_PROGRAMS) or b"text/html" not in accept:
        return False
    return best_match(accept, PROBLEM_MEDIA_TYPES) == "html"


def respond_with_problem(context: AppContext, problem: Problem, path: str, accept: bytes) -> ApiResponse:
    """Return a problem as a page to those who want one, else in the form of its address."""
    if wants_page(path, accept):
        return problem_page(context, problem)
    return problem_response(problem, path, accept, context.settings.public_base_url)


def problem_page(context: AppContext, problem: Problem) -> ApiResponse:
    """Return a problem as a page in Chinese, with English beside it."""
    request = PageRequest(context, "/", DEFAULT_LANGUAGE, ())
    title = TITLES.get(problem.status, OTHER_TITLE)
    frame = Frame(title=f"{title.zh} {title.en}", description=title.zh, path="/", indexed=False)
    values = {"problem": problem, "problem_title": title}
    body = render_template("problem.html", frame, request.site, request.addresses, values)
    headers = {**page_headers(DEFAULT_LANGUAGE), "Cache-Control": "no-store", **problem.headers}
    return ApiResponse(HTML, body, headers, status=problem.status)
