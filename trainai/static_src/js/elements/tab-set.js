// <tab-set>: sections with links to them become tabs (WAI-ARIA Authoring Practices, "Tabs", selected by the arrows).

class TabSet extends HTMLElement {
  connectedCallback() {
    this.#list.setAttribute("role", "tablist");
    for (const tab of this.#tabs) {
      tab.setAttribute("role", "tab");
      const panel = panelOf(tab);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      panel.tabIndex = 0;
      tab.setAttribute("aria-controls", panel.id);
    }
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("keydown", (event) => this.#pressed(event));
    this.#select(this.#tabs.find((tab) => tab.hash === location.hash) ?? this.#tabs[0]);
  }

  get #list() {
    return this.querySelector(".tabs");
  }

  get #tabs() {
    return [...this.#list.querySelectorAll("a")];
  }

  #clicked(event) {
    const tab = event.target.closest("[role=tab]");
    if (!tab || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    this.#select(tab);
  }

  #pressed(event) {
    const tabs = this.#tabs;
    const at = tabs.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const tab = tabs.at(to % tabs.length);
    this.#select(tab);
    tab.focus();
  }

  #select(chosen) {
    for (const tab of this.#tabs) {
      tab.setAttribute("aria-selected", tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
      panelOf(tab).hidden = tab !== chosen;
    }
  }
}

function panelOf(tab) {
  return document.getElementById(tab.hash.slice(1));
}

customElements.define("tab-set", TabSet);
