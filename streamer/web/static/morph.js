// Makes a part of the page like a fresh copy of it, touching only what differs: focus, selection and pictures stay.
const OURS = "canvas, output, noscript, .chart, #away";

export function morph(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE && fresh.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
  } else if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(document.importNode(fresh, true));
  } else if (old.nodeType === Node.ELEMENT_NODE && !old.matches(OURS)) {
    sameAttributes(old, fresh);
    sameChildren(old, fresh);
  }
}

function sameAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

function sameChildren(old, fresh) {
  const ours = [...old.childNodes];
  const theirs = [...fresh.childNodes];
  ours.slice(theirs.length).forEach((child) => child.remove());
  theirs.forEach((child, at) => (at < ours.length ? morph(ours[at], child) : old.append(document.importNode(child, true))));
}
