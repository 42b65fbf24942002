// The steps, a row each, with a column for each thread. Only the cells that can be seen are in the document, so that thousands of
// rows and fifty threads are no burden: all are of one size, and what does not fit is told beside them.
const lanes = { shown: [], window: '', height: 25 }
const OFTEN = 12, WIDELY = 4

// So many from the first that is seen, and a few more on both sides; another window only now and then.
function seen(scrolled, size, one, often, count) {
  const first = Math.max(0, Math.floor((scrolled / one - often) / often) * often)
  return [Math.min(first, count), Math.min(count, first + Math.ceil(size / one) + 3 * often)]
}

function lanesOf(sheet, path) {
  const { threads } = sheet, table = $('lanes')
  const row = made('tr')
  row.append(made('th', 'step'), made('th', 'line'), ...threads.map(thread => made('th', thread)))
  for (const cell of row.cells) cell.scope = 'col'
  filled(table.tHead, row)
  table.setAttribute('aria-rowcount', path.steps.length + 1)
  table.parentElement.style.minWidth = `${14 + 18 * threads.length}ch`
  lanesFiltered(sheet, path)
}

// Which steps are shown: of one thread, on one variable or object, with a text.
function lanesFiltered(sheet, path) {
  const thread = $('thread').value, name = $('name').value, text = $('text').value.toLowerCase()
  lanes.shown = [...path.steps.keys()].filter(number => {
    const step = stepOf(sheet, path.steps[number])
    return (!thread || step.did.some(done => done.thread === thread)) && (!name || step.names.includes(name)) &&
      (!text || `${sheet.threads[step.thread]} ${told(step)}`.toLowerCase().includes(text))
  })
  $('count').textContent = lanes.shown.length < path.steps.length ? `${lanes.shown.length} of ${path.steps.length} steps` : ''
  lanes.window = ''
}

function lanesDrawn(sheet, path, at) {
  const scroll = $('scroll'), body = $('lanes').tBodies[0], { height, shown } = lanes, count = sheet.threads.length
  const [first, last] = seen(scroll.scrollTop, window.innerHeight, height, OFTEN, shown.length)
  const width = $('lanes').tHead.rows[0].lastChild.offsetWidth || 1, columns = seen(scroll.scrollLeft, scroll.clientWidth, width, WIDELY, count)
  if (lanes.window !== `${[first, last, columns]}`) {
    lanes.window = `${[first, last, columns]}`
    filled(body, space(first * height), ...shown.slice(first, last).map(number => stepRow(sheet, path, number, columns)),
      space((shown.length - last) * height))
  }
  for (const row of body.rows) {
    const number = Number(row.dataset.step)
    row.classList.toggle('now', number === at)
    row.classList.toggle('later', number > at)
    if (number === at) row.setAttribute('aria-current', 'step')
    else row.removeAttribute('aria-current')
  }
  arrowsDrawn(sheet, path, at, first, last)
}

function space(height) {
  const row = made('tr', undefined, 'space'), cell = made('td')
  row.setAttribute('aria-hidden', 'true')
  cell.style.height = `${height}px`
  row.append(cell)
  return row
}

function stepRow(sheet, path, number, [left, right]) {
  const step = stepOf(sheet, path.steps[number]), held = heldIn(sheet, path.frames[number + 1][1])
  const row = made('tr', undefined, path.preempts.has(number) && 'preempts', path.marked.has(number) && 'marked',
    path.cycle === number && 'cycle')
  row.dataset.step = number + 1
  row.setAttribute('aria-rowindex', number + 2)
  row.append(made('td', number + 1), made('td', step.did.map(done => done.line || '').filter(Boolean).join(' ')), ...unseen(left))
  for (let thread = left; thread < right; thread++) {
    const said = step.did.filter(done => done.who === thread).map(done => done.text).join('; '), cell = made('td')
    cell.title = said
    cell.append(...locks(held.get(thread) || []), said)
    row.append(cell)
  }
  row.append(...unseen(sheet.threads.length - right))
  row.onclick = () => go(number + 1)
  return row
}

// The columns at the sides.
function unseen(count) {
  const cell = made('td')
  cell.colSpan = count
  return count ? [cell] : []
}

// The row of the step, and its thread's column, come into sight.
function lanesFollow(sheet, path, at) {
  const scroll = $('scroll'), place = lanes.shown.indexOf(at - 1), top = place * lanes.height
  const covered = $('lanes').tHead.offsetHeight
  if (place < 0) { if (!at) scroll.scrollTop = 0 } else if (top < scroll.scrollTop) scroll.scrollTop = top
  else if (top + covered + lanes.height > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + covered + 2 * lanes.height - scroll.clientHeight
  const column = at && $('lanes').tHead.rows[0].cells[2 + stepOf(sheet, path.steps[at - 1]).thread]
  if (!column) return
  if (column.offsetLeft < scroll.scrollLeft) scroll.scrollLeft = column.offsetLeft
  else if (column.offsetLeft + column.offsetWidth > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = column.offsetLeft + column.offsetWidth - scroll.clientWidth
}

// From what one thread gives to what another takes; those of the step are strong.
function arrowsDrawn(sheet, path, at, first, last) {
  const layer = $('arrows'), table = $('lanes'), cells = table.tHead.rows[0].cells
  const places = new Map(lanes.shown.slice(first, last).map((number, place) => [number, first + place]))
  const shown = $('ordered').checked ? path.arrows.filter(([start, end]) => places.has(start) && places.has(end)) : []
  layer.setAttribute('width', table.offsetWidth)
  layer.setAttribute('height', table.offsetHeight)
  const point = number => {
    const cell = cells[2 + stepOf(sheet, path.steps[number]).thread]
    return [cell.offsetLeft + 6, table.tHead.offsetHeight + (places.get(number) + 0.5) * lanes.height]
  }
  filled(layer, head('head', 'arrow'), head('head-now', 'arrow now'), ...shown.map(([start, end]) => {
    const now = start === at - 1 || end === at - 1, [x, y] = point(start), [u, v] = point(end), bend = (v - y) / 2
    return drawn('path', {
      d: `M${x},${y} C${x},${y + bend} ${u},${v - bend} ${u},${v}`, class: now ? 'arrow now' : 'arrow',
      'marker-end': `url(#${now ? 'head-now' : 'head'})`
    })
  }))
}
