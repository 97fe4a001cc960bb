// The visible mouse pointer. A screenshot has none, and a recording without one cannot be followed.
(() => {
  const pointer = document.createElement("div");
  pointer.setAttribute("aria-hidden", "true");
  pointer.style.cssText = "position:fixed;left:0;top:0;z-index:2147483647;pointer-events:none";
  pointer.innerHTML = `
    <i style="position:absolute;left:-22px;top:-22px;width:44px;height:44px;border-radius:50%;background:#f2b705;opacity:0"></i>
    <svg width="26" height="34" viewBox="0 0 26 34" style="position:absolute;left:-2px;top:-2px;filter:drop-shadow(0 2px 3px rgb(0 0 0 / .35))">
      <path d="M2 2v24.5l6-5.6 4.1 9.6 4.6-2-4.1-9.4h8.2z" fill="#16181d" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>`;
  document.documentElement.append(pointer);
  const ring = pointer.firstElementChild;
  window.drawPointer = (x, y, pressed) => {
    pointer.style.transform = `translate(${x}px, ${y}px)`;
    ring.style.opacity = pressed * 0.5;
    ring.style.transform = `scale(${1 - pressed * 0.45})`;
  };
})();
