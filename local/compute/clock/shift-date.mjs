// Loaded before a program of a laptop whose time is not the machine's: `Date` tells the laptop's. Timers and performance.now() stay
// the machine's, since a program works at the machine's pace.
import { URL } from 'node:url';

const parameters = new URL(import.meta.url).searchParams;
const speed = Number(parameters.get('speed'));
const start = Number(parameters.get('start'));
const machineStart = Number(parameters.get('machineStart'));

const MachineDate = globalThis.Date;
const machineNow = MachineDate.now;
const now = () => Math.floor(start + (machineNow() - machineStart) * speed);

MachineDate.now = now;
const LaptopDate = new Proxy(MachineDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: (target) => new target(now()).toString(),
});
MachineDate.prototype.constructor = LaptopDate;
globalThis.Date = LaptopDate;
