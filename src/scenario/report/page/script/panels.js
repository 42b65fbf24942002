// What there is in one state: values, threads, who waits for whom, claims, the lines of the file; and the step that led there.
const CLASSES = { 'can move': 'moves', waits: 'waiting', over: 'over', 'not started': 'over' }
const BECAUSE = { lock: 'gave the lock back that is taken here', woken: 'woke it', value: 'wrote the value that is read here', object: 'gave what is taken here' }

// What is in the document already: a part is made anew only where it says something else.
const drawnParts = new Map()

function ifOther(part, key, draw) {
  if (drawnParts.get(part) === key) return
  drawnParts.set(part, key)
  draw()
}

function panelsDrawn(sheet, path, at) {
  const row = path.frames[at], earlier = path.frames[Math.max(at - 1, 0)], now = frameOf(sheet, row), before = frameOf(sheet, earlier)
  valuesDrawn(now, before)
  threadsDrawn(sheet, now.threads)
  ifOther('claims', `${[row[2], earlier[2]]}`, () => claimsDrawn(sheet, now, before))
  const waits = now.threads.map((one, number) => [number, one.waits, one.on]).filter(one => one[1])
  ifOther('waits', JSON.stringify(waits), () => {
    waitsDrawn($('circle'), waits, sheet.threads)
    $('waits').hidden = !$('circle').childElementCount
  })
  stepDrawn(sheet, path, at)
}

// All values; or those that are watched: a name shows every variable and local of that name, anything else is an expression.
function valuesDrawn(now, before) {
  const wanted = expressions($('watch').value), all = valuesOf(now), old = valuesOf(before)
  const named = name => [...all.keys()].filter(one => one === name || one.endsWith(`.${name}`)).map(one => [one, all.get(one), old.get(one)])
  const calculated = text => [[text, watched(text, all), watched(text, old)]].map(([name, here, there]) => [name, here.text, there.wrong ? undefined : there.text, here.wrong])
  const rows = wanted.length ? wanted.flatMap(one => { const found = named(one); return found.length ? found : calculated(one) }) : [...all].map(([name, value]) => [name, value, old.get(name)])
  $('valued').classList.toggle('tall', rows.length > MANY)
  ifOther('names', rows.map(row => row[0]).join('\n'), () => filled($('vars'), ...rows.map(([name], number) => {
    drawnParts.delete(`value ${number}`)
    const row = made('tr')
    row.append(made('td', name), made('td'))
    return row
  })))
  for (const [number, one] of rows.entries()) ifOther(`value ${number}`, JSON.stringify(one.slice(1)), () => valueDrawn($('vars').rows[number], one))
  $('valued').hidden = !rows.length && !wanted.length
}

function valueDrawn(row, [, value, was, wrong]) {
  const changed = !wrong && was !== value
  row.classList.toggle('changed', changed)
  row.lastChild.classList.toggle('no', Boolean(wrong))
  filled(row.lastChild, value, ...(changed ? [made('span', was === undefined ? ' is new' : ` was ${was}`, 'was')] : []))
}

// Rows from which on a table has one height and scrolls: what changes in it moves nothing around it.
const MANY = 16

const valuesOf = frame => frame.valued ??= new Map([...frame.values, ...frame.threads.flatMap(thread => thread.locals.map(([name, value]) => [`${thread.name}.${name}`, value]))])

function threadsDrawn(sheet, threads) {
  $('standing').classList.toggle('tall', threads.length > MANY)
  ifOther('threads', threads.map(thread => thread.name).join('\n'), () => filled($('threads'), ...threads.map((thread, number) => {
    drawnParts.delete(`thread ${number}`)
    const row = made('tr')
    row.append(made('th', thread.name), made('td'), made('td'))
    row.firstChild.scope = 'row'
    return row
  })))
  for (const [number, thread] of threads.entries()) {
    const state = thread.state === 'waits' ? `waits for ${thread.waits}` : thread.state, line = thread.line ? ` (${lineOf(sheet, thread.line, 'line ')})` : ''
    ifOther(`thread ${number}`, JSON.stringify([state, line, thread.holds]), () => {
      const [, said, holds] = $('threads').rows[number].cells
      said.textContent = state + line
      said.className = CLASSES[thread.state]
      filled(holds, ...locks(thread.holds))
    })
  }
}

// What is known of a claim: its sign, what that means, its colour. No execution belies what some other has to show.
const OPEN = ['·', 'open here', 'open']
const OF_EVERY = new Map([[true, ['✓', 'holds here', 'yes']], [false, ['✗', 'does not hold here', 'no']], [null, OPEN]])
const OF_SOME = new Map([[true, ['✓', 'seen here', 'yes']], [false, ['–', 'not seen here', 'over']], [null, OPEN]])

function claimsDrawn(sheet, now, before) {
  $('claimed').hidden = !sheet.claims.length
  const items = sheet.claims.map((claim, number) => claimDrawn(claim, now.truths[number], before.truths[number]))
  for (const [id, ofSome] of [['every', false], ['some', true]]) {
    const mine = items.filter((_, number) => sheet.claims[number][2] === ofSome)
    filled($(id), ...mine)
    $(id).previousElementSibling.hidden = $(id).hidden = !mine.length
  }
}

function claimDrawn([kind, text, ofSome, open], holds, held) {
  const [sign, means, colour] = (ofSome ? OF_SOME : OF_EVERY).get(holds), seen = made('span', sign)
  const item = made('li', undefined, colour, held !== holds && 'changed')
  item.title = holds === null ? `${means}: ${open}` : means
  seen.setAttribute('role', 'img')
  seen.setAttribute('aria-label', item.title)
  item.append(seen, made('span', ` ${kind} `, 'kind'), text)
  return item
}

// Threads on a circle, an arrow from each that waits to whom it waits for; what goes round is told apart.
function waitsDrawn(into, waits, names) {
  const edges = waits.flatMap(([thread, text, on]) => on.map(other => [thread, other, text]))
  const nodes = [...new Set(edges.flatMap(([one, other]) => [one, other]))]
  if (!nodes.length || nodes.length > 16) return filled(into)
  const round = new Set(nodes.filter(node => leadsTo(edges, node, node)))
  const width = 420, level = nodes.length < 3 ? 55 : 150, ring = nodes.length < 3 ? [110, 0] : [130, 105]
  const place = new Map(nodes.map((node, number) => {
    const angle = 2 * Math.PI * number / nodes.length - (nodes.length < 3 ? Math.PI : Math.PI / 2)
    return [node, [width / 2 + ring[0] * Math.cos(angle), level + ring[1] * Math.sin(angle)]]
  }))
  const height = Math.max(...[...place.values()].map(([, y]) => y)) + 45
  const said = edges.map(([one, other, text]) => `${names[one]} waits for ${text}: ${names[other]}`).join('. ')
  const drawing = drawn('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': said }, head('head-wait', 'wait'), head('head-round', 'wait round'))
  for (const [one, other, text] of edges) {
    const from = place.get(one), to = place.get(other), length = Math.hypot(to[0] - from[0], to[1] - from[1])
    const back = edges.some(([a, b]) => a === other && b === one), bend = one === other ? 0 : back ? 60 : 18
    const middle = length ? [(from[0] + to[0]) / 2 + bend * (to[1] - from[1]) / length, (from[1] + to[1]) / 2 - bend * (to[0] - from[0]) / length] : [from[0], from[1] - 50]
    const start = edgeOf(from, middle, names[one]), end = edgeOf(to, middle, names[other])
    const label = cut(text.replace(/, held by.*/, ''), 30), aside = one === other ? 34 + 3.4 * cellsOf(label) : 0
    const kind = round.has(one) && round.has(other) ? 'wait round' : 'wait'
    const curve = one === other ? `M${start[0] - 15},${start[1]} C${from[0] - 40},${from[1] - 60} ${from[0] + 40},${from[1] - 60} ${end[0] + 15},${end[1]}` : `M${start} Q${middle} ${end}`
    drawing.append(drawn('path', { d: curve, class: kind, 'marker-end': `url(#${kind === 'wait' ? 'head-wait' : 'head-round'})` }),
      drawn('text', { x: (from[0] + to[0]) / 4 + middle[0] / 2 + aside, y: (from[1] + to[1]) / 4 + middle[1] / 2 - 8, class: 'label' }, label))
  }
  for (const node of nodes) {
    const [x, y] = place.get(node), half = halfOf(names[node])
    drawing.append(drawn('rect', { x: x - half, y: y - 13, width: 2 * half, height: 26, rx: 5, class: round.has(node) ? 'thread round' : 'thread' }),
      drawn('text', { x, y: y + 4 }, cut(names[node])))
  }
  return filled(into, drawing)
}

function cut(name, cells = 20) {
  if (cellsOf(name) <= cells) return name
  let begin = ''
  for (const letter of name) { if (cellsOf(begin + letter) >= cells) break; begin += letter }
  return `${begin}…`
}

const halfOf = name => 3.4 * cellsOf(cut(name)) + 8

// Where a line from the middle of a thread's box to a point leaves the box.
function edgeOf([x, y], [u, v], name) {
  const dx = u - x, dy = v - y, scale = Math.min(dx ? (halfOf(name) + 2) / Math.abs(dx) : Infinity, dy ? 15 / Math.abs(dy) : Infinity)
  return [x + dx * scale, y + dy * scale]
}

function leadsTo(edges, from, to) {
  const seen = new Set(), waiting = [from]
  for (const here of waiting) {
    for (const [one, other] of edges) {
      if (one !== here) continue
      if (other === to) return true
      if (!seen.has(other)) { seen.add(other); waiting.push(other) }
    }
  }
  return false
}

function stepDrawn(sheet, path, at) {
  const step = at ? stepOf(sheet, path.steps[at - 1]) : null
  const said = step ? step.did.map(done => `${done.thread}: ${done.text}${done.line ? ` (${lineOf(sheet, done.line, 'line ')})` : ''}`) : ['Nothing has been done yet.']
  const codes = step ? codesOf(sheet, step.did) : []
  const sources = (path.sources.get(at - 1) || []).map(([start, , because]) => {
    const other = sheet.threads[stepOf(sheet, path.steps[start]).thread]
    return filled(made('li', undefined, 'source-step'), 'after ', button(`step ${start + 1}`, () => go(start + 1), 'plain'), ` of ${other}, which ${BECAUSE[because]}`)
  })
  filled($('did'), ...said.map(text => made('li', text)), ...codes.map(text => made('li', text, 'source-step')), ...sources)
  $('step').textContent = `${at} of ${path.steps.length}`
  const lines = step ? step.did.map(done => done.line) : []
  ifOther('line', `${lines}`, () => {
    for (const item of $('source').querySelectorAll('.now')) item.classList.remove('now')
    for (const line of lines) $('source').children[line - 1]?.classList.add('now')
    const first = Math.min(...lines.filter(Boolean))
    if (first < Infinity) sourceScrolled((first - 1) * source.height)
  })
}

const source = { height: 0, room: 0, top: 0, moves: false }

// To where a line is seen; not where it is already.
function sourceScrolled(line) {
  if (line >= source.top && line + source.height <= source.top + source.room) return
  Object.assign(source, { top: Math.max(line - source.room / 3, 0), moves: true })
}

function sourceOf(sheet, reached) {
  filled($('source'), ...sheet.source.map((line, number) => {
    const item = made('li', line || ' '), { place, name, line: value } = placeOf(sheet, number + 1)
    item.value = value
    item.tabIndex = -1
    if (name && value === sheet.parts[place][1]) item.dataset.file = name
    item.onclick = () => reached(number + 1)
    return item
  }))
  drawnParts.delete('line')
  Object.assign(source, { height: $('source').firstChild?.offsetHeight || 0, room: $('source').clientHeight, top: $('source').scrollTop })
}
