import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { servingCosts, withTables } from './docs/serving-costs.ts';

/** Writes the tables of docs/guides/choose-a-target.md anew from the prices in model/cost: `npm run costs`. */
const guide = path.resolve(import.meta.dirname, '../docs/guides/choose-a-target.md');
writeFileSync(guide, withTables(readFileSync(guide, 'utf8')));
console.log(servingCosts());
