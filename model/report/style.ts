/** The report's style sheet: no fonts, images or scripts from anywhere; light and dark by the reader's preference. */
export const style = `
:root{color-scheme:light dark;--page:#f4f6f9;--card:#fff;--ink:#10192b;--soft:#56627a;--faint:#8a94a8;--rule:#e2e7ef;--accent:#2456e6;--accent-soft:#2456e61c;
--warm:#e2742b;--good:#0b7a4b;--good-soft:#e3f5ec;--bad:#b3261e;--bad-soft:#fdeceb;--shadow:0 1px 2px #0f1b3510,0 8px 24px #0f1b350d;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media(prefers-color-scheme:dark){:root{--page:#0b101b;--card:#131a29;--ink:#e9eef8;--soft:#a3aec4;--faint:#75819a;--rule:#253047;--accent:#7fa2ff;--accent-soft:#7fa2ff26;
--warm:#ffa163;--good:#5fd6a0;--good-soft:#10291f;--bad:#ff8f87;--bad-soft:#331716;--shadow:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1080px;margin:0 auto;padding:40px 24px 64px}
header p.over{margin:0 0 4px;color:var(--soft);font-size:14px}
h1{margin:0 0 20px;font-size:32px;line-height:1.2;letter-spacing:-.02em;overflow-wrap:anywhere}
h2{margin:44px 0 14px;font-size:20px;letter-spacing:-.01em}
h3{margin:0 0 2px;font-size:16px}
.card{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:20px 22px;box-shadow:var(--shadow)}
.verdict{display:flex;flex-wrap:wrap;gap:18px;align-items:flex-start;border-left:6px solid var(--good)}
.verdict.no{border-left-color:var(--bad)}
.badge{flex:none;white-space:nowrap;padding:5px 13px;border-radius:999px;font-weight:650;font-size:14px;background:var(--good-soft);color:var(--good)}
.verdict.no>.badge,.badge.no{background:var(--bad-soft);color:var(--bad)}
.verdict>div{min-width:0;flex:1 1 320px}.verdict p{margin:0}.verdict .lead{font-size:19px;line-height:1.4;font-weight:600;margin-bottom:4px;overflow-wrap:anywhere}
.soft{color:var(--soft)}.small{font-size:14px}
.metrics{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px}
.metric{padding:15px 17px}
.metric .name{color:var(--soft);font-size:13.5px}
.metric .value{font-size:29px;font-weight:650;letter-spacing:-.02em;line-height:1.25;font-variant-numeric:tabular-nums}
.metric .why{color:var(--soft);font-size:13px;margin-top:4px}
.metric .spread{color:var(--faint);font-size:13.5px;font-variant-numeric:tabular-nums}
.metric.gate{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent),var(--shadow)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(430px,100%),1fr));gap:16px}
figure{margin:0}figcaption{color:var(--soft);font-size:14px;margin-bottom:8px}
svg{display:block;width:100%;height:auto}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:var(--soft)}
svg .tick{fill:var(--faint);font-size:11.5px}svg .note{fill:var(--ink);font-size:12.5px;font-weight:600}
.grid{stroke:var(--rule)}.curve{fill:none;stroke:var(--accent);stroke-width:2.5;stroke-linejoin:round}.area{fill:var(--accent-soft)}
.chance{fill:none;stroke:var(--faint);stroke-width:1.2;stroke-dasharray:5 5}.whisker{fill:none;stroke:var(--accent);stroke-width:2;opacity:.45}
.dot{fill:var(--card);stroke:var(--accent);stroke-width:3}.bubble{fill:var(--accent);fill-opacity:.72;stroke:var(--card);stroke-width:1.5}
.negatives{fill:var(--accent);fill-opacity:.5}.positives{fill:var(--warm);fill-opacity:.62}.threshold{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:3 4;fill:none}
.key{display:inline-block;width:11px;height:11px;border-radius:3px;margin:0 5px 0 0;background:var(--accent);opacity:.6}.key.warm{background:var(--warm);margin-left:12px}
table{border-collapse:collapse;width:100%;font-size:15px}
th,td{padding:9px 10px;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top}
th{color:var(--soft);font-weight:550;font-size:13.5px}tbody tr:last-child td,tbody tr:last-child th{border-bottom:0}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.charts th,.charts td{padding-left:6px;padding-right:6px}.scroll{overflow-x:auto}.charts>*,.two>*,.metrics>*{min-width:0}
.matrix{display:grid;grid-template-columns:auto 1fr 1fr;gap:8px;align-items:stretch;margin-top:6px}
.matrix .head{color:var(--soft);font-size:13.5px;text-align:center;align-self:end}
.matrix .side{color:var(--soft);font-size:13.5px;align-self:center;max-width:92px}
.cell{border-radius:10px;padding:20px 10px;text-align:center;border:1px solid var(--rule);background:color-mix(in srgb,var(--tone) calc(var(--share)*46%),var(--card))}
.cell b{display:block;font-size:22px;letter-spacing:-.01em;font-variant-numeric:tabular-nums}.cell span{font-size:13px;opacity:.8}
.heat{display:grid;gap:5px;align-items:stretch;margin-top:10px;font-size:13.5px}.heat .head,.heat .side{color:var(--soft);display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow:hidden;overflow-wrap:anywhere;line-height:1.3;min-width:0}
.heat .head{text-align:center;align-self:end}.heat .side{align-self:center;text-align:right;padding-right:4px;max-width:120px}.heat .cell{padding:12px 2px;border-radius:8px}.heat .cell b{font-size:17px}.heat .cell.none b{font-weight:400;opacity:.35}
.heatmap{max-width:560px;margin:10px auto 0}.heatmap .right{fill:var(--accent)}.heatmap .wrong{fill:var(--warm)}.heatmap .frame{fill:none;stroke:var(--rule)}
.spot{fill:var(--accent)}.residual{fill:var(--accent);fill-opacity:.62}
.charts>.wide{grid-column:1/-1}.within{display:grid;grid-template-columns:auto 1fr auto;gap:10px 14px;align-items:center;margin-top:14px}.within .meter{width:100%;margin:0;height:10px}.within b{font-variant-numeric:tabular-nums}
.trial{fill:var(--accent);fill-opacity:.7}.trial.cut{fill:var(--card);stroke:var(--accent);stroke-width:1.5;stroke-opacity:.6}.best{fill:none;stroke:var(--warm);stroke-width:3}.steps{fill:none;stroke:var(--warm);stroke-width:2;opacity:.8}
.multiples{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:16px;margin-top:16px}.multiples .card{min-width:0}.multiples h3{overflow-wrap:anywhere}.multiples .card:not(.large) svg .tick,.multiples .card:not(.large) svg .axis{font-size:14px}.badge.model{white-space:nowrap;font-size:12.5px;padding:2px 9px}
@media(min-width:760px){.multiples .large{grid-column:span 2;grid-row:span 2}}
.bar{height:12px;border-radius:6px;overflow:hidden;display:flex;background:var(--rule);margin:8px 0 10px}
.bar i{display:block;height:100%;background:var(--accent)}.bar i+i{opacity:.6}.bar i+i+i{background:var(--warm);opacity:1}
.meter{display:inline-block;width:120px;height:8px;border-radius:4px;background:var(--rule);overflow:hidden;vertical-align:middle;margin-right:8px}.meter i{display:block;height:100%;background:var(--accent)}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(430px,100%),1fr));gap:16px;align-items:start}
dl{display:grid;grid-template-columns:minmax(110px,auto) 1fr;gap:8px 18px;margin:0;font-size:15px}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
code{font:13.5px/1.5 var(--mono);overflow-wrap:anywhere}
ul{margin:6px 0 0;padding-left:20px}
details{border-top:1px solid var(--rule);margin-top:12px;padding-top:12px}summary{cursor:pointer}summary code{font-weight:600;margin:0 12px 0 4px}details .badge{font-size:12.5px;padding:2px 9px}details table{margin-top:6px}
footer{margin-top:44px;color:var(--faint);font-size:13.5px}
@media(max-width:560px){main{padding:24px 14px 40px}.card{padding:16px}dl{grid-template-columns:1fr;gap:2px}dd{margin-bottom:8px}.matrix{gap:5px}.cell{padding:14px 4px}.cell b{font-size:17px}}
@media print{body{background:#fff}.card{box-shadow:none;break-inside:avoid}}
`;
