// Makes of the built page what goes into the program: node pack.mjs DIST NAME SOURCES
//   NAME.bin  all files, plain and compressed, one behind the other
//   NAME.inc  a row for each, for apps/server/web/web_files.cpp
//   NAME.d    which sources the page was made of, for the build
import {createHash} from 'node:crypto'
import {readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {extname, join, relative, resolve} from 'node:path'
import {gzipSync} from 'node:zlib'

const [dist, name, sources] = process.argv.slice(2)
const types = {
  '.css': 'text/css; charset=utf-8', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json', '.svg': 'image/svg+xml', '.txt': 'text/plain; charset=utf-8', '.woff2': 'font/woff2'
}

const list = join(dist, 'sources.json')
const used = JSON.parse(readFileSync(list, 'utf8'))
rmSync(list)

const blob = []
let size = 0
const add = (bytes) => {
  const begin = size
  blob.push(bytes)
  size += bytes.length
  return `blob_part(${begin}, ${bytes.length})`
}

const rows = readdirSync(dist, {recursive: true, withFileTypes: true})
  .filter((entry) => entry.isFile())
  .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)))
  .sort()
  .map((file) => {
    const type = types[extname(file)]
    if (!type) throw new Error(`${file}: its type is not in the table of pack.mjs`)
    const plain = readFileSync(join(dist, file))
    const packed = gzipSync(plain, {level: 9})
    const tag = createHash('sha256').update(plain).digest('hex').slice(0, 32)
    const gzip = file !== 'index.html' && packed.length < plain.length ? add(packed) : '{}'
    return `WebFile{"/${file}", "${type}", "\\"${tag}\\"", ${add(plain)}, ${gzip}, ${file.startsWith('assets/')}},\n`
  })
writeFileSync(`${name}.bin`, Buffer.concat(blob))
writeFileSync(`${name}.inc`, rows.join(''))
const outputs = ['bin', 'inc'].map((end) => resolve(`${name}.${end}`).replaceAll(' ', '\\ '))
writeFileSync(`${name}.d`, `${outputs.join(' ')}: ${used.map((file) => resolve(sources, file).replaceAll(' ', '\\ ')).join(' ')}\n`)
