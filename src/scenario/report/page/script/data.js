'use strict'
// What the page has to show: sheets (a case of a file each), as `content.py` writes them. All that is seen of a state is a row
// of numbers into the tables of its sheet; here rows become what they mean.
const sheets = JSON.parse(document.getElementById('content').textContent)
const STATES = ['not started', 'can move', 'waits', 'over']
const TRUTHS = { 1: true, 0: false, '-': null }

// A state: values by variable, who holds what, the truth of each claim, where each thread stands. It is made once: who steps comes back to it.
function frameOf(sheet, row) {
  if (!known.has(row)) known.set(row, frameMade(sheet, row))
  return known.get(row)
}

const known = new WeakMap()

function frameMade(sheet, [values, holds, truths, ...stands]) {
  const { tables, threads, variables } = sheet, text = number => tables.texts[number], held = heldIn(sheet, holds)
  return {
    values: variables.map((name, number) => [name, text(tables.values[values][number])]),
    truths: [...tables.truths[truths]].map(letter => TRUTHS[letter]),
    threads: stands.map((row, number) => {
      const [state, line, waits, on, ...locals] = tables.stands[row]
      return {
        name: threads[number], state: STATES[state], line, waits: waits < 0 ? '' : text(waits), on,
        holds: held.get(number) || [], locals: locals.map(pair => pair.map(text))
      }
    })
  }
}

// Who holds what, by the threads' numbers.
function heldIn({ tables }, holds) {
  return new Map(tables.holds[holds].map(([thread, ...names]) => [thread, names.map(number => tables.texts[number])]))
}

// A step: its thread, what each thread did at which line, and the variables and objects that it is on.
function stepOf(sheet, number) {
  const { tables, threads } = sheet, [thread, did, names] = tables.steps[number]
  return {
    thread, names: names.map(name => tables.texts[name]),
    did: did.map(([who, line, text]) => ({ who, thread: threads[who], line, text: tables.texts[text] }))
  }
}

// Where a line of all that are shown stands: in which part of which file, under which number there; the scenario's file has no name.
function placeOf({ parts }, number) {
  let before = 0
  for (const [place, [name, first, count]] of parts.entries()) {
    if (number <= before + count) return { place, name, line: first + number - before - 1 }
    before += count
  }
}

function lineOf(sheet, number, unnamed = '') {
  const { name, line } = placeOf(sheet, number)
  return name ? `${name}:${line}` : `${unnamed}${line}`
}

// The line itself, if it is one of the user's own code.
const codeOf = (sheet, number) => (number && placeOf(sheet, number).name ? sheet.source[number - 1].trim() : '')
// The lines of the user's code, without one that says what was done itself: `self.n = 1`.
const codesOf = (sheet, did) => [...new Set(did.map(done => codeOf(sheet, done.line)))].filter(text => text && !did.some(done => done.text === text))

const told = step => step.did.map(({ thread, who, text }) => (who === step.thread ? text : `${thread}: ${text}`)).join('; ')

// A way through states: one frame more than steps. That of a schedule, or the one that the reader has played.
function scheduled(sheet, number) {
  const reel = sheet.reels[number]
  if (!reel) return { ...NO_MARKS, frames: [], steps: [] }
  const { frames, steps, cycle, arrows } = reel
  return { frames, steps, cycle, arrows, sources: Map.groupBy(arrows, arrow => arrow[1]), preempts: new Set(reel.preempts), marked: new Set(reel.marked) }
}

function played(sheet, choices) {
  const { game } = sheet, spots = [game.starts[choices.start]], steps = []
  for (const choice of choices.taken) {
    const ways = game.choices[spots.at(-1)]
    if (!(2 * choice < ways.length) || ways[2 * choice + 1] < 0) break
    steps.push(ways[2 * choice])
    spots.push(ways[2 * choice + 1])
  }
  choices.taken.length = steps.length
  return { ...NO_MARKS, spots, steps, frames: spots.map(spot => game.spots[spot]) }
}

const NO_MARKS = { preempts: new Set(), marked: new Set(), arrows: [], sources: new Map(), cycle: null }

// The shortest way from the beginning to a state of the graph, as choices.
function wayTo(game, spot) {
  const came = new Map(game.starts.map(start => [start, null])), waiting = [...game.starts]
  for (const here of waiting) {
    const ways = game.choices[here]
    for (let choice = 0; 2 * choice < ways.length; choice++) {
      const to = ways[2 * choice + 1]
      if (to >= 0 && !came.has(to)) {
        came.set(to, [here, choice])
        waiting.push(to)
      }
    }
  }
  const taken = []
  let here = spot
  for (; came.get(here); here = came.get(here)[0]) taken.unshift(came.get(here)[1])
  return { start: Math.max(game.starts.indexOf(here), 0), taken }
}

// What can still come of a state of the graph, in words; `kind` is its colour.
function prospect({ game, tables }, spot) {
  const [kind, text] = game.prospects[spot]
  return { kind, text: tables.texts[text] }
}
