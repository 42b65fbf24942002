// Reads a JSON list of diagrams from standard input; each must be one to Mermaid's own parser.
import { readFileSync } from 'node:fs'
import { JSDOM } from 'jsdom'

globalThis.window = new JSDOM('').window
globalThis.document = globalThis.window.document
const { default: mermaid } = await import('mermaid')
for (const text of JSON.parse(readFileSync(0, 'utf8'))) await mermaid.parse(text)
