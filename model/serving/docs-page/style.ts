/** The page's style sheet: nothing from anywhere else; light and dark by the reader's preference. */
export const style = `
:root{color-scheme:light dark;--page:#f4f6f9;--card:#fff;--ink:#10192b;--soft:#56627a;--rule:#dfe5ee;--field:#8792a8;--accent:#2456e6;--on-accent:#fff;--accent-soft:#2456e614;
--good:#0b7a4b;--bad:#b3261e;--bad-soft:#fdeceb;--code:#0d1424;--on-code:#dbe4f5;--shadow:0 1px 2px #0f1b3510,0 8px 24px #0f1b350d;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media(prefers-color-scheme:dark){:root{--page:#0b101b;--card:#131a29;--ink:#e9eef8;--soft:#a3aec4;--rule:#253047;--field:#6c7890;--accent:#8aabff;--on-accent:#0b1222;--accent-soft:#8aabff1f;
--good:#5fd6a0;--bad:#ff8f87;--bad-soft:#331716;--code:#070b14;--on-code:#dbe4f5;--shadow:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1120px;margin:0 auto;padding:40px 24px 72px}
a{color:var(--accent);text-underline-offset:3px}
h1{margin:0;font-size:34px;line-height:1.2;letter-spacing:-.02em;overflow-wrap:anywhere}
h2{margin:0 0 16px;font-size:19px;letter-spacing:-.01em}
.head{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin-bottom:6px}
.badge{padding:3px 12px;border-radius:999px;background:var(--accent-soft);color:var(--accent);font-weight:600;font-size:14px;white-space:nowrap}
.lead{margin:0 0 26px;color:var(--soft);max-width:75ch}
.columns{display:grid;grid-template-columns:minmax(0,1.25fr) minmax(0,1fr);gap:18px;align-items:start}
@media(max-width:860px){.columns{grid-template-columns:minmax(0,1fr)}main{padding:24px 16px 48px}}
.card{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:22px;box-shadow:var(--shadow);min-width:0}
.card+.card{margin-top:18px}.sticky{position:sticky;top:18px}
.fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(220px,100%),1fr));gap:16px 18px}
label{display:block;font-weight:600;font-size:15px;margin-bottom:4px;overflow-wrap:anywhere}
input,select,textarea{width:100%;font:inherit;color:inherit;background:var(--page);border:1px solid var(--field);border-radius:8px;padding:8px 10px;min-height:42px}
input:focus-visible,select:focus-visible,button:focus-visible,summary:focus-visible,a:focus-visible,pre:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
[aria-invalid=true]{border-color:var(--bad);box-shadow:0 0 0 1px var(--bad)}
.hint{color:var(--soft);font-size:13.5px;margin-top:4px;overflow-wrap:anywhere}
.problem{color:var(--bad);font-size:14px;margin-top:4px;font-weight:550;overflow-wrap:anywhere}
.buttons{display:flex;flex-wrap:wrap;gap:10px;margin-top:22px}
button{font:inherit;font-weight:600;border-radius:9px;padding:9px 18px;border:1px solid var(--field);background:transparent;color:var(--ink);cursor:pointer;min-height:44px}
button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button:hover{filter:brightness(1.06)}button[disabled]{opacity:.6;cursor:progress}
.prediction{font-size:44px;font-weight:680;letter-spacing:-.03em;line-height:1.15;margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.bars{margin:18px 0 0;display:grid;grid-template-columns:minmax(0,auto) minmax(60px,1fr) auto;gap:8px 12px;align-items:center;font-size:15px}
.bars dt{overflow-wrap:anywhere}.bars dd{margin:0;font-variant-numeric:tabular-nums}
.bar{height:10px;border-radius:5px;background:var(--rule);overflow:hidden}.bar i{display:block;height:100%;background:var(--accent);border-radius:5px}
.soft{color:var(--soft)}.small{font-size:14px}
.alert{background:var(--bad-soft);color:var(--bad);border-radius:10px;padding:12px 14px;margin:0;overflow-wrap:anywhere}
pre{margin:0;background:var(--code);color:var(--on-code);border-radius:10px;padding:14px 16px;font:13.5px/1.55 var(--mono);overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
details{margin-top:16px}summary{cursor:pointer;font-weight:600;font-size:15px;padding:4px 0}
details .fields{margin-top:10px}
.row{display:flex;justify-content:space-between;align-items:center;gap:12px;margin-bottom:12px}.row h2{margin:0}.row button{padding:5px 14px;min-height:36px;font-size:14px}
dl.facts{display:grid;grid-template-columns:auto minmax(0,1fr);gap:6px 18px;margin:0;font-size:15px}dl.facts dt{color:var(--soft)}dl.facts dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(prefers-reduced-motion:no-preference){.bar i{transition:width .35s ease}}
`;
