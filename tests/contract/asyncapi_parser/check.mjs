// Reads AsyncAPI documents with the official parser; prints one line of JSON for each finding.
import { readFile } from 'node:fs/promises';
import { Parser } from '@asyncapi/parser';

const parser = new Parser();
for (const path of process.argv.slice(2)) {
  const { diagnostics } = await parser.parse(await readFile(path, 'utf-8'));
  for (const { severity, message, path: place } of diagnostics) {
    console.log(JSON.stringify({ document: path, severity, message, place: place.join('/') }));
  }
}
