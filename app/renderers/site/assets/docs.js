// Shows one part of the API at a time in Swagger UI. It would take some seconds to show everything at once.
"use strict";

(async () => {
  const viewer = document.getElementById("viewer");
  const links = [...document.querySelectorAll("nav a")];
  const partOf = (hash) => decodeURIComponent(hash.split("/")[1] ?? "");
  const names = links.map((link) => partOf(link.hash));
  const response = await fetch("openapi.json");
  if (!response.ok) {
    viewer.textContent = `openapi.json: ${response.status} ${response.statusText}`;
    return;
  }
  const whole = await response.json();
  let shown = null;

  /** Returns the document with the operations of one tag, and the components that they refer to. */
  function extract(tag) {
    const paths = Object.entries(whole.paths).filter(([, path]) =>
      Object.values(path).some((operation) => operation.tags?.includes(tag)),
    );
    const components = {};
    const collect = (value) => {
      if (value === null || typeof value !== "object") return;
      if (typeof value.$ref === "string") {
        const [, , section, key] = value.$ref.split("/");
        const known = (components[section] ??= {});
        if (!(key in known)) {
          known[key] = whole.components[section][key];
          collect(known[key]);
        }
      }
      Object.values(value).forEach(collect);
    };
    collect(paths);
    // The requests go to where this page is, which may be below a prefix that the server does not know.
    const servers = [{ url: new URL(".", location.href).href.replace(/\/$/, "") }];
    const tags = whole.tags.filter((each) => each.name === tag);
    return { ...whole, servers, tags, paths: Object.fromEntries(paths), components };
  }

  function show() {
    const wanted = partOf(location.hash);
    const tag = names.includes(wanted) ? wanted : names[0];
    if (tag === shown) return;
    shown = tag;
    links.forEach((link, index) => {
      if (names[index] === tag) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    const place = document.createElement("div");
    viewer.replaceChildren(place);
    SwaggerUIBundle({
      spec: extract(tag),
      domNode: place,
      deepLinking: true,
      docExpansion: "list",
      defaultModelsExpandDepth: -1,
      validatorUrl: null,
    });
  }

  addEventListener("hashchange", show);
  show();
})();
