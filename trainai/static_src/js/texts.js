// Sentences a template gives to its script: they are translated there.

/** The pairs of the list marked data-texts in `element`, by name. */
export function texts(element) {
  const terms = [...element.querySelectorAll("[data-texts] dt")];
  return Object.fromEntries(terms.map((term) => [term.textContent, term.nextElementSibling.textContent]));
}
