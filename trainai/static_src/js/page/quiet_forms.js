// A form with data-quiet is sent without leaving the page: a playing video plays on. The answer is the page's own
// fragments, because the redirect after the POST leads back here.
import { HEADER, names, place } from "../live/fragments.js";

export function watchForms() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!("quiet" in form.dataset) || event.defaultPrevented) return;
    event.preventDefault();
    const button = event.submitter;
    button?.setAttribute("aria-disabled", "true");
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { [HEADER]: [...names(), "messages"].join(",") },
      });
      if (!response.ok || new URL(response.url).pathname !== location.pathname) throw new Error("elsewhere");
      place(await response.text());
    } catch {
      form.submit(); // the plain way shows what is wrong
    } finally {
      button?.removeAttribute("aria-disabled");
    }
  });
}
