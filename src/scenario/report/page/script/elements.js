// Elements; text is only ever set as text.
const $ = id => document.getElementById(id)
const SVG = 'http://www.w3.org/2000/svg'

function made(tag, text, ...classes) {
  const element = document.createElement(tag)
  if (text !== undefined) element.textContent = text
  element.classList.add(...classes.filter(Boolean))
  return element
}

function drawn(tag, attributes, ...inside) {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...inside)
  return element
}

function filled(element, ...children) {
  element.replaceChildren(...children)
  return element
}

function options(select, pairs, chosen) {
  select.replaceChildren(...pairs.map(([value, text]) => {
    const option = made('option', text)
    option.value = value
    option.selected = String(value) === String(chosen)
    return option
  }))
}

function button(text, does, ...classes) {
  const element = made('button', text, ...classes)
  element.type = 'button'
  element.onclick = does
  return element
}

// How many cells a text takes where all letters are of one width: wide ones two, combining ones none.
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const cellsOf = text => [...text].reduce((sum, letter) => sum + (/\p{M}/u.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1), 0)

const locks = names => names.map(name => made('span', name, 'lock'))
const MARKER = 'M0,0 L7,3.5 L0,7 z'

// An arrow head for lines of a drawing, in the colour of its class.
function head(id, kind) {
  return drawn('marker', { id, markerWidth: 8, markerHeight: 7, refX: 6.5, refY: 3.5, orient: 'auto', class: kind },
    drawn('path', { d: MARKER }))
}
