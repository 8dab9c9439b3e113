/* copy_script.c: how texts to be copied look, and the script that gives each a button. Without
 * a script there is no button, and the text is there to be marked. */
#include "report/sheet.h"

const char copy_style[] =
".copy{position:relative;margin:6px 0 14px}.copy pre{margin:0;padding:10px 12px;font:inherit;"
"white-space:pre-wrap;overflow-wrap:anywhere;background:var(--chip);border:1px solid var(--edge);"
"border-radius:6px}.copy button+pre{padding-right:110px}"
".copy button{position:absolute;top:6px;right:6px;font:inherit;font-size:13px;color:var(--link);"
"background:var(--paper,Canvas);border:1px solid var(--edge);border-radius:6px;padding:3px 10px;"
"min-height:28px;cursor:pointer}.copy button:focus-visible{outline:2px solid var(--link);"
"outline-offset:2px}\n"
"@media(max-width:720px){.copy button{position:static;display:block;margin:0 0 4px auto;"
"min-height:36px}.copy button+pre{padding-right:12px}}\n"
"@media print{.copy button{display:none}.copy button+pre{padding-right:12px}"
".copy pre{background:none}}\n";

/* Where there is no clipboard for scripts (a page opened as a file, in some browsers) the
 * text is marked and the browser's own copying asked; where that is refused it stays marked. */
const char copy_script[] =
"(function(){'use strict';\n"
"Array.prototype.forEach.call(document.querySelectorAll('.copy'),function(box){\n"
"var pre=box.querySelector('pre'),b=document.createElement('button'),t;\n"
"function say(s){b.textContent=s;clearTimeout(t);t=setTimeout(function(){"
"b.textContent=box.dataset.copy},2000)}\n"
"function mark(){var s=getSelection(),r=document.createRange();r.selectNodeContents(pre);"
"s.removeAllRanges();s.addRange(r);var ok=false;try{ok=document.execCommand('copy')}catch(e){}"
"if(ok){s.removeAllRanges();say(box.dataset.done)}}\n"
"b.type='button';b.textContent=box.dataset.copy;b.setAttribute('aria-label',"
"box.dataset.copy+': '+box.dataset.of);b.setAttribute('aria-live','polite');\n"
"b.addEventListener('click',function(){\n"
"if(navigator.clipboard&&window.isSecureContext)navigator.clipboard.writeText(pre.textContent)"
".then(function(){say(box.dataset.done)},mark);else mark()});\n"
"box.insertBefore(b,pre)})})();\n";
