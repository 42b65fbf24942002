// Watch expressions: a small part of Python's, over the values that the page has. Nothing is ever run: a text becomes a tree, and the
// tree is looked at. Whole numbers are bigints, so that they are exact; a list, tuple, set or dict is { kind, items }.
const TOKEN = /\s*(?:(\d+\.\d*(?:e[+-]?\d+)?|\d+e[+-]?\d+|\d+)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(not\s+in\b|is\s+not\b|[\p{L}_][\p{L}\p{N}_]*)|(\/\/|[=!<>]=|[-+*/%<>()[\]{},.:]))/uy
const COMPARES = ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'is', 'is not'], LONGEST = 500, DEEPEST = 40, MOST_DIGITS = 2000
const WORDS = { True: true, False: false, None: null, inf: Infinity, nan: NaN }
const ESCAPES = { n: '\n', t: '\t', r: '\r', "'": "'", '"': '"', '\\': '\\' }

function tokens(text) {
  if (text.length > LONGEST * 10) throw Error('it is too long')
  const found = []
  for (TOKEN.lastIndex = 0; text.slice(TOKEN.lastIndex).trim();) {
    const at = TOKEN.lastIndex, one = TOKEN.exec(text)
    if (!one) throw Error(`${text.slice(at).trim()[0]} has no meaning here`)
    const [, number, string, word, sign] = one
    found.push(number !== undefined ? { value: /[.e]/.test(number) ? Number(number) : BigInt(number) }
      : string !== undefined ? { value: string.slice(1, -1).replace(/\\(.)/gs, (_, letter) => ESCAPES[letter] ?? `\\${letter}`) }
        : { sign: word !== undefined ? word.replace(/\s+/, ' ') : sign, isWord: word !== undefined })
  }
  return found
}

// The value of an expression; `named` gives what a name stands for, or nothing.
function evaluated(text, named) {
  const all = tokens(text)
  let at = 0, deep = 0, passed = 0 // `passed`: what is read now is not asked for, as behind `False and`
  const unless = find => (passed ? null : find())
  const sees = sign => all[at]?.sign === sign
  const takes = sign => (sees(sign) ? (at++, true) : false)
  const needs = sign => { if (!takes(sign)) throw Error(all[at] ? `${sign} is expected before ${all[at].sign ?? shown(all[at].value)}` : `${sign} is missing`) }
  const within = read => { if (++deep > DEEPEST) throw Error('it is too deep'); const found = read(); deep--; return found }
  const list = (end, item) => {
    const items = []
    while (!sees(end)) { items.push(item()); if (!takes(',')) break }
    needs(end)
    return items
  }
  const other = (decided, value, read) => {
    passed += decided
    const found = read()
    passed -= decided
    return decided ? value : found
  }
  const either = () => within(() => {
    let value = both()
    while (takes('or')) value = other(truthy(value), value, both)
    return value
  })
  const both = () => {
    let value = negated()
    while (takes('and')) value = other(!truthy(value), value, negated)
    return value
  }
  const negated = () => (takes('not') ? !truthy(within(negated)) : compared())
  const compared = () => {
    let left = sum(), holds = null
    while (all[at] && COMPARES.includes(all[at].sign)) {
      const sign = all[at++].sign, first = left, right = sum()
      holds = (holds ?? true) && unless(() => comparing(sign, first, right))
      left = right
    }
    return holds ?? left
  }
  const applied = (left, read) => {
    const sign = all[at++].sign, right = read()
    return unless(() => calculated(sign, left, right))
  }
  const sum = () => {
    let value = product()
    while (sees('+') || sees('-')) value = applied(value, product)
    return value
  }
  const product = () => {
    let value = signed()
    while (['*', '/', '//', '%'].some(sees)) value = applied(value, signed)
    return value
  }
  const signed = () => (takes('-') ? negative(within(signed)) : takes('+') ? within(signed) : part())
  const negative = value => unless(() => (typeof value === 'number' ? -value : calculated('-', 0n, value)))
  const part = () => {
    let value = atom()
    while (takes('[')) value = elementOf(value)
    return value
  }
  const elementOf = whole => {
    const key = either()
    needs(']')
    return unless(() => element(whole, key))
  }
  const atom = () => {
    const token = all[at++]
    if (!token) throw Error('something is missing at the end')
    if ('value' in token) return token.value
    if (token.sign === '[') return { kind: 'list', items: list(']', either) }
    if (token.sign === '{') return braces()
    if (token.sign === '(') return round()
    if (!token.isWord) throw Error(`${token.sign} has no meaning here`)
    return word(token.sign)
  }
  const round = () => {
    if (takes(')')) return { kind: 'tuple', items: [] }
    const first = either()
    if (takes(')')) return first
    needs(',')
    return { kind: 'tuple', items: [first, ...list(')', either)] }
  }
  const braces = () => {
    if (takes('}')) return { kind: 'dict', items: [] }
    const entry = () => { const key = either(); return takes(':') ? { kind: 'tuple', items: [key, either()] } : key }
    const isDict = all.slice(at).some((token, number, rest) => token.sign === ':' && !rest.slice(0, number).some(one => one.sign === '}'))
    return { kind: isDict ? 'dict' : 'set', items: list('}', entry) }
  }
  const word = name => {
    if (takes('(')) { const given = list(')', either); return unless(() => called(name, given)) }
    if (Object.hasOwn(WORDS, name)) return WORDS[name]
    let whole = name
    if (sees('[') && all[at + 2]?.sign === ']' && all[at + 3]?.sign === '.') { whole = `${name}[${all[at + 1].value}]`; at += 3 }
    if (takes('.')) whole += `.${all[at++]?.sign}`
    const value = passed ? null : named(whole)
    if (value === undefined) throw Error(`nothing is called ${whole}`)
    return value
  }
  const value = either()
  if (at < all.length) throw Error(`${all[at].sign ?? shown(all[at].value)} comes where it should end`)
  return value
}

// What a value's text means; a text that is no plain value is only itself.
function meant(text) {
  try { return evaluated(text, () => undefined) } catch { return { kind: 'text', items: [], text } }
}

const isNumber = value => ['bigint', 'number', 'boolean'].includes(typeof value)
const plainNumber = value => (typeof value === 'boolean' ? BigInt(value) : value)
const truthy = value => (value?.kind ? value.kind === 'text' || value.items.length > 0 : !!value)

function same(one, other) {
  if (isNumber(one) && isNumber(other)) return plainNumber(one) == plainNumber(other) // eslint-disable-line eqeqeq
  if (!one?.kind || !other?.kind) return one === other
  if (one.kind !== other.kind || one.items.length !== other.items.length || one.text !== other.text) return false
  if (one.kind === 'set' || one.kind === 'dict') return one.items.every(item => other.items.some(another => same(item, another)))
  return one.items.every((item, number) => same(item, other.items[number]))
}

function comparing(sign, left, right) {
  switch (sign) {
    case '==': case 'is': return same(left, right)
    case '!=': case 'is not': return !same(left, right)
    case 'in': return contained(left, right)
    case 'not in': return !contained(left, right)
  }
  const order = ordered(left, right)
  return sign === '<' ? order < 0 : sign === '<=' ? order <= 0 : sign === '>' ? order > 0 : order >= 0
}

function ordered(left, right) {
  if (isNumber(left) && isNumber(right)) { const [a, b] = [plainNumber(left), plainNumber(right)]; return a < b ? -1 : a > b ? 1 : a == b ? 0 : NaN } // eslint-disable-line eqeqeq
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0
  if (!left?.kind || left.kind !== right?.kind || !['list', 'tuple'].includes(left.kind)) throw Error('these have no order')
  const at = left.items.findIndex((item, number) => number >= right.items.length || !same(item, right.items[number]))
  if (at < 0) return left.items.length - right.items.length
  return at >= right.items.length ? 1 : ordered(left.items[at], right.items[at])
}

// Of an object of the user's own, and of what is too long to be here as a whole.
const UNREAD = 'no more than its text is known here'

function contained(item, whole) {
  if (typeof whole === 'string' && typeof item === 'string') return whole.includes(item)
  if (whole?.kind === 'text') throw Error(UNREAD)
  if (!whole?.kind) throw Error('there is nothing in it')
  return (whole.kind === 'dict' ? whole.items.map(entry => entry.items[0]) : whole.items).some(one => same(one, item))
}

function element(whole, key) {
  if (whole?.kind === 'dict') {
    const entry = whole.items.find(one => same(one.items[0], key))
    if (!entry) throw Error(`there is no ${shown(key)} in it`)
    return entry.items[1]
  }
  if (whole?.kind === 'text') throw Error(UNREAD)
  const items = typeof whole === 'string' ? [...whole] : whole?.kind === 'list' || whole?.kind === 'tuple' ? whole.items : null
  if (!items || typeof key !== 'bigint') throw Error('it has no elements')
  const value = items[Number(key < 0n ? key + BigInt(items.length) : key)]
  if (value === undefined) throw Error(`it has no element ${key}`)
  return value
}

function calculated(sign, left, right) {
  if (sign === '+' && typeof left === 'string' && typeof right === 'string') return left + right
  if (sign === '+' && left?.kind && left.kind === right?.kind && ['list', 'tuple'].includes(left.kind)) return { kind: left.kind, items: [...left.items, ...right.items] }
  if (!isNumber(left) || !isNumber(right)) throw Error(`${sign} needs numbers`)
  let [a, b] = [plainNumber(left), plainNumber(right)]
  if (['/', '//', '%'].includes(sign) && Number(b) === 0) throw Error('division by zero')
  if (sign === '/') return Number(a) / Number(b)
  if (typeof a !== typeof b) [a, b] = [Number(a), Number(b)]
  const value = sign === '+' ? a + b : sign === '-' ? a - b : sign === '*' ? a * b : floored(sign, a, b)
  if (typeof value === 'bigint' && `${value}`.length > MOST_DIGITS) throw Error('the number is too long')
  return value
}

// `//` and `%` round down, as Python does.
function floored(sign, a, b) {
  const rest = ((a % b) + b) % b
  return sign === '%' ? rest : (a - rest) / b
}

const FUNCTIONS = {
  len: ([one]) => BigInt(typeof one === 'string' ? [...one].length : items(one).length),
  sum: ([one]) => items(one).reduce((total, item) => calculated('+', total, item), 0n),
  min: given => least(given, -1), max: given => least(given, 1),
  abs: ([one]) => (ordered(one, 0n) < 0 ? calculated('-', 0n, one) : plainNumber(one)),
  any: ([one]) => items(one).some(truthy), all: ([one]) => items(one).every(truthy),
  set: ([one]) => ({ kind: 'set', items: one === undefined ? [] : items(one).filter((item, number, all) => all.findIndex(other => same(item, other)) === number) }),
  sorted: ([one]) => ({ kind: 'list', items: [...items(one)].sort(ordered) })
}

function called(name, given) {
  if (!Object.hasOwn(FUNCTIONS, name)) throw Error(`there is no function ${name}`)
  if (!given.length && name !== 'set') throw Error(`${name} needs something`)
  return FUNCTIONS[name](given)
}

function items(value) {
  if (value?.kind === 'text') throw Error(UNREAD)
  if (!value?.kind) throw Error('it has no elements')
  return value.kind === 'dict' ? value.items.map(entry => entry.items[0]) : value.items
}

function least(given, sign) {
  const all = given.length === 1 ? items(given[0]) : given
  if (!all.length) throw Error('it is empty')
  return all.reduce((best, one) => (ordered(one, best) * sign > 0 ? one : best))
}

// As Python shows it.
function shown(value) {
  switch (typeof value) {
    case 'boolean': return value ? 'True' : 'False'
    case 'bigint': return `${value}`
    case 'number': return Number.isFinite(value) ? (Number.isInteger(value) && Math.abs(value) < 1e16 ? `${Object.is(value, -0) ? '-' : ''}${value.toFixed(1)}` : `${value}`) : Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
    case 'string': return quoted(value)
  }
  if (value === null) return 'None'
  const inside = value.items.map(item => (value.kind === 'dict' ? item.items.map(shown).join(': ') : shown(item))).join(', ')
  return value.kind === 'text' ? value.text : value.kind === 'list' ? `[${inside}]` : value.kind === 'tuple' ? `(${inside}${value.items.length === 1 ? ',' : ''})`
    : value.kind === 'set' && !value.items.length ? 'set()' : `{${inside}}`
}

function quoted(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return quote + text.replace(/\\/g, '\\\\').replaceAll(quote, `\\${quote}`).replace(/\n/g, '\\n') + quote
}

// The expressions of a text, between commas that stand in no brackets and no string.
function expressions(text) {
  const found = ['']
  let deep = 0, quote = ''
  for (const letter of text.slice(0, LONGEST)) {
    if (quote) quote = letter === quote ? '' : quote
    else if (letter === "'" || letter === '"') quote = letter
    else if ('([{'.includes(letter)) deep++
    else if (')]}'.includes(letter)) deep--
    if (letter === ',' && !quote && deep <= 0) found.push('')
    else found[found.length - 1] += letter
  }
  return found.map(one => one.trim()).filter(Boolean)
}

// What an expression gives in a state: its text, or what is wrong with it.
function watched(text, values) {
  const named = name => {
    const known = values.get(name) ?? [...values].find(([one]) => one.endsWith(`.${name}`))?.[1]
    return known === undefined ? undefined : meant(known)
  }
  try { return { text: shown(evaluated(text, named)), wrong: false } } catch (error) { return { text: error.message, wrong: true } }
}
