// Makes src/api/schema.ts from the document of a server: node api_types.mjs http://127.0.0.1:8000 [FILE]
import {readFileSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'

// The packages lie here, or where the page was built.
const packages = createRequire(process.env.VULTUS_WEB_PACKAGES ? join(process.env.VULTUS_WEB_PACKAGES, 'package.json') : import.meta.url)
const {default: openapiTS, astToString} = await import(pathToFileURL(packages.resolve('openapi-typescript').replace(/\.cjs$/, '.mjs')).href)

/** The types, from the document as text. */
export async function typesOf(document) {
  return `// Made by tools/api_types.mjs from the server's document.\n${astToString(await openapiTS(document, {defaultNonNullable: false}))}`
}

if (process.argv[1]?.endsWith('api_types.mjs')) {
  const [server, file = new URL('../src/api/schema.ts', import.meta.url)] = process.argv.slice(2)
  const document = server.startsWith('http') ? await (await fetch(`${server}/v1/openapi.json`)).text() : readFileSync(server, 'utf8')
  writeFileSync(file, await typesOf(document))
}
