// The steps, a row each, with a column for each thread. Only the rows that can be seen are in the document, and of those only the cells
// in which something stands, so that thousands of rows and fifty threads are no burden: all are of one size.
const lanes = { shown: [], window: null, height: 25, at: -1, top: 0, left: 0, moves: false, head: 0, places: [], arrows: new Map() }
const OFTEN = 8, TALL = 576

// So many from the first that is seen, and a few more on both sides; another window only now and then.
function seen(scrolled, count) {
  const first = Math.max(0, Math.floor((scrolled / lanes.height - OFTEN) / OFTEN) * OFTEN)
  return [Math.min(first, count), Math.min(count, first + Math.ceil(TALL / lanes.height) + 3 * OFTEN)]
}

function lanesOf(sheet, path) {
  const { threads } = sheet, table = $('lanes')
  const row = made('tr')
  row.append(made('th', 'step'), made('th', 'line'), ...threads.map(thread => made('th', thread)))
  for (const cell of row.cells) cell.scope = 'col'
  filled(table.tHead, row)
  const named = sheet.parts.some(([name]) => name)
  table.classList.toggle('named', named)
  table.setAttribute('aria-rowcount', path.steps.length + 1)
  table.parentElement.style.minWidth = `${named ? 22 + 26 * threads.length : 14 + 18 * threads.length}ch`
  lanesMeasured()
  lanesFiltered(sheet, path)
}

// Where the columns are: looked up once, for whoever asks the browser between two changes makes it lay out all of the page.
function lanesMeasured() {
  const scroll = $('scroll'), row = $('lanes').tHead.rows[0], cells = [...row.cells].slice(2)
  Object.assign(lanes, {
    head: row.offsetHeight, width: $('lanes').offsetWidth, room: scroll.clientWidth, covered: row.cells[0].offsetWidth,
    places: cells.map(cell => [cell.offsetLeft, cell.offsetWidth]), top: scroll.scrollTop, left: scroll.scrollLeft, window: null
  })
}

// Whether a name is the other or one of its elements: `forks[0]` of `forks`. Who touches the whole touches the element.
const within = (name, whole) => name === whole || name.startsWith(`${whole}[`)

// Which steps are shown: of one thread, on one variable or object, with a text.
function lanesFiltered(sheet, path) {
  const thread = $('thread').value, name = $('name').value, text = $('text').value.toLowerCase()
  lanes.shown = [...path.steps.keys()].filter(number => {
    const step = stepOf(sheet, path.steps[number])
    return (!thread || step.did.some(done => done.thread === thread)) && (!name || step.names.some(one => within(one, name) || within(name, one))) &&
      (!text || `${sheet.threads[step.thread]} ${told(step)}`.toLowerCase().includes(text))
  })
  $('count').textContent = lanes.shown.length < path.steps.length ? `${lanes.shown.length} of ${path.steps.length} steps` : ''
  lanes.window = null
}

function lanesDrawn(sheet, path, at) {
  const { height, shown } = lanes, body = $('lanes').tBodies[0], before = lanes.window
  const [first, last] = seen(lanes.top, shown.length), another = !before || before.first !== first || before.last !== last
  if (!before || before.last <= first || before.first >= last) {
    filled(body, space(first * height), ...rowsOf(sheet, path, first, last), space((shown.length - last) * height))
  } else if (another) lanesMoved(sheet, path, body, before, first, last)
  lanes.window = { first, last }
  if (!another && lanes.at === at) return
  lanes.at = at
  for (const row of body.rows) {
    const number = Number(row.dataset.step)
    row.classList.toggle('now', number === at)
    row.classList.toggle('later', number > at)
    if (number === at) row.setAttribute('aria-current', 'step')
    else if (row.hasAttribute('aria-current')) row.removeAttribute('aria-current')
  }
  if (another) arrowsDrawn(sheet, path, first, last)
  arrowsMarked(at)
}

const rowsOf = (sheet, path, first, last) => lanes.shown.slice(first, last).map(number => stepRow(sheet, path, number))

// The rows that both windows have stay where they are.
function lanesMoved(sheet, path, body, before, first, last) {
  for (let number = before.first; number < Math.min(first, before.last); number++) body.rows[1].remove()
  for (let number = before.last; number > Math.max(last, before.first); number--) body.rows[body.rows.length - 2].remove()
  body.rows[0].after(...rowsOf(sheet, path, first, Math.max(first, before.first)))
  body.rows[body.rows.length - 1].before(...rowsOf(sheet, path, Math.min(last, before.last), last))
  body.rows[0].cells[0].style.height = `${first * lanes.height}px`
  body.rows[body.rows.length - 1].cells[0].style.height = `${(lanes.shown.length - last) * lanes.height}px`
}

function space(height) {
  const row = made('tr', undefined, 'space'), cell = made('td')
  row.setAttribute('aria-hidden', 'true')
  cell.style.height = `${height}px`
  row.append(cell)
  return row
}

function stepRow(sheet, path, number) {
  const step = stepOf(sheet, path.steps[number]), held = heldIn(sheet, path.frames[number + 1][1])
  const row = made('tr', undefined, path.preempts.has(number) && 'preempts', path.marked.has(number) && 'marked',
    path.cycle === number && 'cycle')
  row.dataset.step = number + 1
  row.setAttribute('aria-rowindex', number + 2)
  row.append(made('td', number + 1), made('td', step.did.filter(done => done.line).map(done => lineOf(sheet, done.line)).join(' ')))
  const busy = [...new Set([...held.keys(), ...step.did.map(done => done.who)])].sort((one, other) => one - other)
  let free = 0
  for (const thread of busy) {
    const did = step.did.filter(done => done.who === thread), said = did.map(done => done.text).join('; '), cell = made('td')
    const code = codesOf(sheet, did).join('; ')
    cell.title = code ? `${said}\n${code}` : said
    cell.append(...locks(held.get(thread) || []), said, ...(code ? [made('span', code, 'code')] : []))
    row.append(...nothing(thread - free), cell)
    free = thread + 1
  }
  row.append(...nothing(sheet.threads.length - free))
  row.onclick = () => go(number + 1)
  return row
}

// Columns in which nothing stands.
function nothing(count) {
  const cell = made('td')
  cell.colSpan = count
  return count ? [cell] : []
}

// The row of the step, and its thread's column, come into sight: beside the steps' numbers, which stay where they are.
function lanesFollow(sheet, path, at) {
  const { head, height, room } = lanes, place = lanes.shown.indexOf(at - 1), top = place * height
  const tall = Math.min(window.innerHeight * (window.innerWidth > 800 ? 0.6 : 0.45), TALL)
  if (place < 0) { if (!at) lanesScrolled(0, lanes.left) } else if (top < lanes.top) lanesScrolled(top, lanes.left)
  else if (top + head + height > lanes.top + tall) lanesScrolled(top + head + 2 * height - tall, lanes.left)
  const column = at && lanes.places[stepOf(sheet, path.steps[at - 1]).thread]
  if (!column) return
  if (column[0] < lanes.left + lanes.covered) lanesScrolled(lanes.top, column[0] - lanes.covered)
  else if (column[0] + column[1] > lanes.left + room) lanesScrolled(lanes.top, column[0] + column[1] - room)
}

function lanesScrolled(top, left) {
  Object.assign(lanes, { top: Math.max(top, 0), left: Math.max(left, 0), moves: true })
}

// What is to be seen comes into sight, last of all: whoever scrolls makes the browser lay out what has changed so far at once.
function scrolled() {
  if (lanes.moves) Object.assign($('scroll'), { scrollTop: lanes.top, scrollLeft: lanes.left })
  if (source.moves) $('source').scrollTop = source.top
  lanes.moves = source.moves = false
}

// From what one thread gives to what another takes; those of the step are strong.
function arrowsDrawn(sheet, path, first, last) {
  const layer = $('arrows'), { shown, head: top, height } = lanes
  const places = new Map(shown.slice(first, last).map((number, place) => [number, first + place]))
  const drawable = $('ordered').checked ? path.arrows.filter(([start, end]) => places.has(start) && places.has(end)) : []
  layer.setAttribute('width', lanes.width)
  layer.setAttribute('height', (last - first) * height)
  layer.style.top = `${top + first * height}px`
  const point = number => [lanes.places[stepOf(sheet, path.steps[number]).thread][0] + 6, (places.get(number) - first + 0.5) * height]
  lanes.arrows = new Map(drawable.map(([start, end]) => {
    const [x, y] = point(start), [u, v] = point(end), bend = (v - y) / 2
    return [drawn('path', { d: `M${x},${y} C${x},${y + bend} ${u},${v - bend} ${u},${v}`, class: 'arrow', 'marker-end': 'url(#head)' }), [start, end]]
  }))
  const lines = lanes.places.map(([left]) => `M${left + 0.5},0V${(last - first) * height}`).join('')
  filled(layer, head('head', 'arrow'), head('head-now', 'arrow now'), drawn('path', { d: lines, class: 'lane' }), ...lanes.arrows.keys())
}

function arrowsMarked(at) {
  for (const [arrow, ends] of lanes.arrows) {
    const now = ends.includes(at - 1)
    if (now === arrow.classList.contains('now')) continue
    arrow.classList.toggle('now', now)
    arrow.setAttribute('marker-end', `url(#${now ? 'head-now' : 'head'})`)
  }
}
