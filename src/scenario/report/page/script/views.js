// What is told beside the steps: the failing execution next to one that passes, the outcomes, the choices of who plays, the files.

const FAILING = ['fails', 'expected']

// The same beginning once, then what each does, side by side.
function whyDrawn(sheet, reel) {
  const explored = sheet.reels.findIndex(one => FAILING.includes(one.kind))
  const failing = reel.kind === 'passes' ? reel.of : FAILING.includes(reel.kind) || explored < 0 ? sheet.reels.indexOf(reel) : explored
  const passing = sheet.reels.findIndex(one => one.kind === 'passes' && one.of === failing)
  const found = sheet.reels[failing] || reel, other = sheet.reels[passing]
  const last = found.frames.length ? frameOf(sheet, found.frames.at(-1)).threads : []
  const waits = last.length ? last.map((one, number) => [number, one.waits, one.on]).filter(one => one[1]) : sheet.waiting
  waitsDrawn($('stuck'), waits, sheet.threads)
  const same = other ? other.same : 0
  $('alike').textContent = !other ? 'No execution that passes was found near this one.'
    : same ? `Both begin with the same ${same === 1 ? 'step' : `${same} steps`}; then they part.` : 'They part with the first step.'
  filled($('common'), ...listed(sheet, found, failing, 0, same, false))
  filled($('failing'), ...listed(sheet, found, failing, same, Infinity, true))
  filled($('passing'), ...(other ? listed(sheet, other, passing, same, Infinity, true) : []))
  $('passes').hidden = !other
  if (other) $('passes').firstElementChild.textContent = titled(other.title)
  $('fails').firstElementChild.textContent = found.kind === 'expected' ? 'This fails, as expected' : 'This fails'
}

const titled = text => text.charAt(0).toUpperCase() + text.slice(1)

const MOST = 400
function listed(sheet, reel, number, from, to, parting) {
  const steps = reel.steps.slice(from, to), items = steps.slice(0, MOST).map((one, place) => {
    const at = from + place, step = stepOf(sheet, one), item = made('li', undefined, reel.marked.includes(at) && 'marked', parting && place === 0 && 'differs')
    item.value = at + 1
    item.append(button(`${sheet.threads[step.thread]}: ${told(step)}`, () => opened({ reel: number, at: at + 1, view: 'step' }), 'plain'))
    return item
  })
  if (steps.length > MOST) items.push(made('li', `and ${steps.length - MOST} more`))
  return items
}

function outcomesDrawn(sheet) {
  const { columns, rows } = sheet.outcomes, labels = rows.map(({ label, because }) => [label, because].filter(Boolean).join(': '))
  const shares = rows.some(one => one.share !== null), counts = rows.some(one => one.count), row = made('tr')
  const heads = [...columns, 'end', shares && 'how often', counts && 'in all', labels.some(Boolean) && 'label']
  row.append(...heads.filter(Boolean).map(text => made('th', text)))
  for (const cell of row.cells) cell.scope = 'col'
  filled($('rows').tHead, row)
  filled($('rows').tBodies[0], ...rows.map((one, number) => {
    const line = made('tr', undefined, one.end !== 'fine' && 'bad'), bar = made('td')
    if (one.share !== null) {
      bar.append(drawn('svg', { class: 'bar', width: 120, height: 12, 'aria-hidden': true },
        drawn('rect', { width: Math.max(120 * one.share, 1), height: 12 })), ` ${(100 * one.share).toFixed(1)} %`)
    }
    line.append(...one.cells.map(text => made('td', text)), made('td', one.end), ...(shares ? [bar] : []), ...(counts ? [made('td', one.count)] : []))
    if (labels.some(Boolean)) line.append(made('td', labels[number]))
    return line
  }))
}

function choicesDrawn(sheet, spot, choose) {
  const { game } = sheet, ways = game.choices[spot], hints = $('hints').checked
  const state = prospect(sheet, spot)
  $('prospect').textContent = state.text
  $('prospect').className = state.kind
  filled($('choices'), ...Array.from({ length: ways.length / 2 }, (_, choice) => {
    const step = stepOf(sheet, ways[2 * choice]), to = ways[2 * choice + 1]
    const item = button(`${choice < 9 ? `${choice + 1}. ` : ''}${sheet.threads[step.thread]}: ${told(step)}`, () => choose(choice), 'choice')
    item.disabled = to < 0
    if (to < 0) item.append(made('span', ' (beyond what this page has)', 'was'))
    else if (hints) item.append(made('span', ` → ${prospect(sheet, to).text}`, prospect(sheet, to).kind))
    return item
  }))
  if (!ways.length) filled($('choices'), made('p', 'Nobody can move any more.'))
}

function indexDrawn(open) {
  const text = $('find').value.toLowerCase(), verdict = $('word').value
  const found = [...sheets.entries()].filter(([, sheet]) => (!verdict || sheet.verdict === verdict) &&
    (!text || [sheet.file, sheet.name, ...sheet.reels.map(reel => reel.title)].join(' ').toLowerCase().includes(text)))
  $('found').textContent = `${found.length} of ${sheets.length}`
  filled($('files').tBodies[0], ...found.map(([number, sheet]) => {
    const row = made('tr'), link = made('a', sheet.name || sheet.file)
    link.href = `#${number + 1}.step.1.0`
    const first = sheet.reels.find(reel => reel.kind === 'fails' || reel.kind === 'expected')
    row.append(made('td', sheet.verdict, sheet.verdict), filled(made('td'), link), made('td', sheet.file), made('td', first ? `${first.kind === 'expected' ? 'expected: ' : ''}${first.title}` : sheet.said[0] || ''))
    row.onclick = () => open(number)
    return row
  }))
}
