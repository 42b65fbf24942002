// The graph of states, if it is small: in layers by the number of steps from the beginning.
const LARGEST = 60

function graphDrawn(sheet, here, reach) {
  const { game } = sheet, count = game.spots.length
  $('colours').hidden = count > LARGEST || !game.whole
  if ($('colours').hidden) {
    filled($('graph'), made('p', `This graph has ${game.whole ? '' : 'more than '}${count.toLocaleString('en')} states. Up to ${LARGEST} can be drawn so that anybody sees anything; play it instead.`))
    return
  }
  const layers = layered(game), width = Math.max(...layers.map(layer => layer.length)) * 74 + 40, height = layers.length * 66 + 20
  const place = new Map(layers.flatMap((layer, depth) => layer.map((spot, number) => [spot, [width / 2 + (number - (layer.length - 1) / 2) * 74, 34 + depth * 66]])))
  const drawing = drawn('svg', { viewBox: `0 0 ${width} ${height}`, width, height, class: 'states' }, head('head-state', 'edge'))
  for (const [spot, [x, y]] of place) {
    for (const [step, to] of pairs(game.choices[spot])) drawing.append(edge(sheet, step, [x, y], place.get(to), to === spot))
  }
  for (const [spot, [x, y]] of place) {
    const state = prospect(sheet, spot)
    const node = drawn('g', { class: `state ${state.kind}${spot === here ? ' here' : ''}`, tabindex: 0, role: 'button', 'aria-label': `state ${spot + 1}: ${state.text}` },
      drawn('title', {}, `${state.text}\n${frameOf(sheet, game.spots[spot]).values.map(pair => pair.join(' = ')).join('\n')}`),
      drawn('circle', { cx: x, cy: y, r: 15 }), drawn('text', { x, y: y + 4 }, String(spot + 1)))
    node.onclick = () => reach(spot)
    node.onkeydown = event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); event.stopPropagation(); reach(spot) } }
    drawing.append(node)
  }
  filled($('graph'), drawing)
}

const pairs = ways => Array.from({ length: ways.length / 2 }, (_, number) => [ways[2 * number], ways[2 * number + 1]])

function edge(sheet, step, [x, y], [u, v], self) {
  const { thread } = stepOf(sheet, step), title = drawn('title', {}, `${sheet.threads[thread]}: ${told(stepOf(sheet, step))}`)
  const length = Math.hypot(u - x, v - y) || 1, cx = 17 * (u - x) / length, cy = 17 * (v - y) / length, bend = v > y ? 0 : 40
  const d = self ? `M${x + 10},${y - 12} C${x + 45},${y - 40} ${x + 45},${y + 40} ${x + 10},${y + 12}`
    : `M${x + cx},${y + cy} Q${(x + u) / 2 + bend},${(y + v) / 2} ${u - cx},${v - cy}`
  return drawn('path', { d, class: 'edge', 'marker-end': 'url(#head-state)' }, title)
}

// By the fewest steps from the beginning; in each layer near those that lead there.
function layered(game) {
  const depth = new Map(game.starts.map(start => [start, 0])), layers = [[...game.starts]]
  for (const layer of layers) {
    const next = []
    for (const spot of layer) {
      for (const [, to] of pairs(game.choices[spot])) {
        if (!depth.has(to)) { depth.set(to, depth.get(spot) + 1); next.push(to) }
      }
    }
    if (next.length) layers.push(next)
  }
  for (const [number, layer] of layers.entries()) {
    if (!number) continue
    const above = new Map(layers[number - 1].map((spot, place) => [spot, place - (layers[number - 1].length - 1) / 2])), sums = new Map()
    for (const [spot, place] of above) {
      for (const [, to] of pairs(game.choices[spot])) sums.set(to, [...sums.get(to) || [], place])
    }
    const mean = spot => { const all = sums.get(spot) || [0]; return all.reduce((one, other) => one + other, 0) / all.length }
    layer.sort((one, other) => mean(one) - mean(other))
  }
  return layers
}
