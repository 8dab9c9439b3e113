/* timeline_script.c: how the timeline's picture looks on a page, and the script that zooms.
 *
 * The script places marks, labels and lines as timeline_svg.c does: what it needs stands in
 * data- attributes. It takes rows out of the table of events by table_script.c's "out". */
#include "report/timeline_paper_impl.h"

#include "report/markup.h"

#include <stdlib.h>

const char timeline_style[] =
".tl{margin:4px 0 2px}.tl.live{cursor:crosshair;touch-action:pan-y;user-select:none;"
"-webkit-user-select:none}.tl .off{display:none}"
".tl .lanes rect{fill:var(--panel);stroke:var(--line);stroke-width:.7}"
".tl .of text{paint-order:stroke;stroke:var(--panel);stroke-width:4px;stroke-linejoin:round}"
".tl .name{font-size:13px;font-weight:650}.tl.narrow .name{font-size:12px}"
".tl .axis path{stroke:var(--line)}.tl .axis text{text-anchor:middle}"
".tl .m path,.key path{fill:var(--chip);stroke:var(--edge);stroke-width:1.2;"
"stroke-linejoin:round}.tl .m text{font-size:13px;paint-order:stroke;stroke:var(--panel);"
"stroke-width:3px;stroke-linejoin:round}.tl.narrow .m text{font-size:11px}"
".key path{stroke:var(--quiet)}.tl .notice path,.key .notice{stroke:var(--ink)}"
".tl .low path,.key .low{fill:var(--unk);stroke:var(--unk)}"
".tl .medium path,.key .medium{fill:var(--warn);stroke:var(--warn);stroke-width:2}"
".tl .high path,.key .high{fill:var(--bad);stroke:var(--bad);stroke-width:3.2}"
".tl .high text{font-weight:600}.tl .m:hover path{stroke:var(--link);stroke-width:3}"
".tl .link path{fill:none;stroke:var(--link);stroke-width:1.5}.tl .link:hover path{"
"stroke-width:3.5}.tl .hole rect{fill:var(--unkbg);stroke:var(--unk);stroke-dasharray:4 3}"
".tl .rest rect{fill:var(--edge)}.tl .brush{fill:var(--link);fill-opacity:.14;"
"stroke:var(--link)}\n"
"svg.key{display:inline-block;width:14px;height:14px;vertical-align:-2px;margin-right:6px}"
".zoom{display:flex;flex-wrap:wrap;gap:8px 20px;align-items:center;margin:12px 0 8px;"
"font-size:14px}.zoom[hidden]{display:none}.zoom label,.zoom output{color:var(--quiet)}"
".zoom input{font:inherit;color:var(--ink);background:var(--chip);border:1px solid var(--edge);"
"border-radius:6px;padding:3px 8px;margin-left:6px;min-height:32px;max-width:100%}"
".zoom button{font:inherit;color:var(--ink);background:var(--chip);border:1px solid "
"var(--edge);border-radius:6px;padding:3px 11px;min-height:32px;min-width:36px;cursor:pointer}"
".zoom button:hover{border-color:var(--link);color:var(--link)}"
".zoom button:focus-visible{outline:2px solid var(--link);outline-offset:2px}"
".zoom .b{display:flex;flex-wrap:wrap;gap:6px}.zoom [aria-invalid=true]{border-color:var(--bad);"
"border-width:2px}.zoom output{flex:1 0 100%;margin:0}.zoomed{display:none}\n"
"@media(min-width:721px){#events{table-layout:fixed}#events th:nth-child(-n+3){width:11%}"
"#events th:nth-child(4){width:10%}#events th:nth-child(5),#events th:nth-child(6){width:12%}}"
"#events .nb{white-space:normal}"
"@media print{.zoom{display:none!important}.zoomed:not([hidden]){display:block}}\n";

const char timeline_script[] =
"(function(){'use strict';\n"
"var bar=document.querySelector('.zoom');if(!bar)return;\n"
"var all=Array.from(document.querySelectorAll('svg[data-zoom]')),d0=all[0].dataset;\n"
"var first=+d0.from,last=+d0.to,a=first,b=last,NS='http://www.w3.org/2000/svg';\n"
"var table=document.getElementById('events'),rows=table?Array.from(table.tBodies[0].rows):[];\n"
"var words=document.querySelector('.find[data-for=events] input');\n"
"var fields=bar.querySelectorAll('input'),out=bar.querySelector('output');\n"
"var paper=document.querySelector('.zoomed'),format;\n"
"try{format=new Intl.DateTimeFormat('en-US',{timeZone:d0.zone,hourCycle:'h23',year:'numeric',"
"month:'numeric',day:'numeric',hour:'numeric',minute:'numeric',second:'numeric'})}catch(e){}\n"
/* what the site's clocks show, as milliseconds that read so in UTC */
"function ahead(t){if(!format)return 0;var p={};format.formatToParts(t).forEach(function(x){"
"p[x.type]=+x.value});\n"
"return Date.UTC(p.year,p.month-1,p.day,p.hour,p.minute,p.second)-Math.floor(t/1000)*1000}\n"
"function wall(t){return t+ahead(t)}\n"
"function moment(w){var t=w-ahead(w);return w-ahead(t)}\n"
"function iso(t){return new Date(wall(t)).toISOString()}\n"
"function make(name,at,into){var e=document.createElementNS(NS,name);\n"
"for(var k in at)e.setAttribute(k,at[k]);into.appendChild(e);return e}\n"
"function clear(e){while(e.firstChild)e.removeChild(e.firstChild)}\n"
"var fits={};function fitting(){fits={};rows.forEach(function(r){"
"if(r.fits===false)fits[r.id.slice(1)]=1})}\n"
/* ---- a picture, as it was drawn */
"var pictures=all.map(function(svg){var d=svg.dataset,box=svg.viewBox.baseVal;\n"
"return{svg:svg,left:+d.left,right:box.width-8,height:box.height,size:+d.size,row:+d.row,"
"lanes:d.lanes?d.lanes.split(' ').map(function(l){l=l.split(',');return{y:+l[0],rows:+l[1]}}):[],\n"
"axis:svg.querySelector('.axis'),\n"
"marks:Array.from(svg.querySelectorAll('.m'),function(g){var title=g.querySelector('title')"
".textContent;\n"
"return{g:g,n:g.dataset.n,t:first+ +g.dataset.t,lane:+g.dataset.l,w:+g.dataset.w,"
"wide:g.classList.contains('high')?.68:.62,"
"text:g.querySelector('text'),label:title.split(' \\xb7 ').slice(3).join(' \\xb7 ')}}),\n"
"links:Array.from(svg.querySelectorAll('.link')),\n"
"spans:Array.from(svg.querySelectorAll('.hole,.rest'))}});\n"
"function across(p,t){return p.left+(p.right-p.left)*(t-a)/(b-a)}\n"
"var STEPS=[.1,.2,.5,1,2,5,10,15,30,60,120,300,600,900,1800,3600,7200,10800,21600,43200,86400,"
"172800,604800,1209600,2592000,7776000,31536000];\n"
"function axis(p){var most=p.left>90?9:4,k=0;clear(p.axis);\n"
"while(k<STEPS.length-1&&(b-a)/1000/STEPS[k]>most)k++;\n"
"var step=STEPS[k]*1000,w=wall(a);w+=step-w%step;\n"
"for(;;w+=step){var t=moment(w);if(t>b)break;var x=across(p,t).toFixed(1);\n"
"make('path',{d:'M'+x+' 22V'+p.height},p.axis);\n"
"var s=new Date(w).toISOString(),e=make('text',{'class':'t2',y:16,"
"x:Math.min(Math.max(x,30),p.right-22)},p.axis);\n"
"e.textContent=step>=864e5?s.slice(0,10):s.slice(11,step>=6e4?16:step>=1e3?19:21)}}\n"
/* the row with room for it, else whose label weighs least gives way */
"function row(l,begins){var r,best=-1;for(r=0;r<l.rows;r++)if(l.label[r]<=begins-6)return r;\n"
"for(r=0;r<l.rows;r++)if(l.mark[r]<=begins&&(best<0||l.owner[r].w<l.owner[best].w))best=r;\n"
"if(best<0)best=l.mark.indexOf(Math.min.apply(null,l.mark));return best}\n"
"function yields(l,r,x){var o=l.owner[r];if(!o||l.label[r]<=x-6||!(o.room>0))return;\n"
"o.room=x-6-(o.x+9);if(o.room<44)o.room=0}\n"
"function place(p,m){var l=p.lanes[m.lane],want=Math.min(m.label.length*p.size*m.wide,280);\n"
"var begins=m.x-6,left=m.x+9+want>p.right&&m.x-p.left>p.right-m.x;\n"
"if(left)want=Math.min(want,begins-3-p.left);\n"
"var r=m.row=row(l,left?begins-want:begins);\n"
"if(left&&l.label[r]>begins-9-want){var room=begins-9-l.label[r];\n"
"if(room<44)yields(l,r,begins);m.room=room<44?0:-room}\n"
"else{yields(l,r,begins);m.room=left?-want:Math.min(want,p.right-m.x-9);\n"
"if(m.room>0&&m.room<want&&m.room<44)m.room=0}\n"
"l.mark[r]=m.x+6;l.label[r]=m.room>0?m.x+9+m.room:m.x+6;l.owner[r]=m}\n"
"function label(p,m){var n=Math.floor(Math.abs(m.room)/(p.size*m.wide)),s=m.label;\n"
"if(n<3){if(m.text)m.text.textContent='';return}\n"
"if(!m.text)m.text=make('text',{y:4},m.g.querySelector('a')||m.g);\n"
"m.text.setAttribute('x',m.room>0?9:-9);m.text.setAttribute('text-anchor',m.room>0?'start':"
"'end');\n"
"m.text.textContent=s.length>n?s.slice(0,n-1)+'\\u2026':s}\n"
"function draw(p){var at={};p.lanes.forEach(function(l){l.mark=[];l.label=[];l.owner=[];\n"
"for(var r=0;r<l.rows;r++){l.mark[r]=l.label[r]=p.left-12}});\n"
"var seen=p.marks.filter(function(m){var on=m.t>=a&&m.t<=b&&!fits[m.n];\n"
"m.g.classList.toggle('off',!on);return on});\n"
"seen.forEach(function(m){m.x=across(p,m.t);place(p,m)});\n"
"seen.forEach(function(m){var y=p.lanes[m.lane].y+(m.row+.5)*p.row;at[m.n]=[m.x,y];\n"
"m.g.setAttribute('transform','translate('+m.x.toFixed(1)+' '+y.toFixed(1)+')');label(p,m)});\n"
"p.links.forEach(function(g){var u=at[g.dataset.a],v=at[g.dataset.b];\n"
"g.classList.toggle('off',!u||!v);if(!u||!v)return;\n"
"var c=u[1]===v[1]?u[1]-16:(u[1]+v[1])/2;g.querySelector('path').setAttribute('d',"
"'M'+u+'C'+u[0]+' '+c+' '+v[0]+' '+c+' '+v)});\n"
"p.spans.forEach(function(g){var t=first+ +g.dataset.t,e=t+ +g.dataset.d;\n"
"var on=e>a&&t<b,r=g.querySelector('rect');g.classList.toggle('off',!on);if(!on)return;\n"
"t=across(p,Math.max(t,a));r.setAttribute('x',t);"
"r.setAttribute('width',across(p,Math.min(e,b))-t)});axis(p)}\n"
/* ---- what is shown */
"function fill(){fields[0].value=stamp(a);fields[1].value=stamp(b)}\n"
"function say(s){out.textContent=s;paper.textContent=s;paper.hidden=a===first&&b===last}\n"
"function stamp(t){return iso(t).slice(0,19).replace('T',' ')}\n"
"function time(t){var s=stamp(t);\n"
"return iso(first).slice(0,10)===iso(last).slice(0,10)?s.slice(11):s}\n"
"function show(){var n=0;rows.forEach(function(r){var t=+r.cells[0].getAttribute('data-s')/1000;\n"
"r.out=t<a||t>b;n+=!r.out});\n"
"fill();\n"
"[0,1].forEach(function(i){fields[i].removeAttribute('aria-invalid')});\n"
"say(out.dataset.state.replace('@from',time(a)).replace('@to',time(b)).replace('@n',n)"
".replace('@all',rows.length));\n"
"if(words)words.dispatchEvent(new Event('input'));"
"else{rows.forEach(function(r){r.hidden=r.out});pictures.forEach(draw)}}\n"
"function zoom(from,to){var span=Math.max(to-from,200);\n"
"if(from<first)from=first;if(from+span>last)from=Math.max(first,last-span);\n"
"a=Math.floor(from);b=Math.ceil(Math.min(from+span,last));show()}\n"
"if(table)table.addEventListener('found',function(){fitting();pictures.forEach(draw)});\n"
"if(table)table.addEventListener('all',function(){zoom(first,last)});\n"
"var acts={nearer:function(s){zoom(a+s/4,b-s/4)},farther:function(s){zoom(a-s/2,b+s/2)},"
"earlier:function(s){zoom(a-s/2,b-s/2)},later:function(s){zoom(a+s/2,b+s/2)},"
"whole:function(){zoom(first,last)}};\n"
"Array.prototype.forEach.call(bar.querySelectorAll('button'),function(e){"
"e.addEventListener('click',function(){acts[e.dataset.do](b-a)})});\n"
"Array.prototype.forEach.call(fields,function(e){e.addEventListener('change',function(){\n"
"var v=[0,1].map(function(i){var s=fields[i].value.trim();\n"
/* the hour alone is of the day that was there; the seconds may be left out */
"if(/^\\d\\d:\\d\\d/.test(s))s=stamp(i?b:a).slice(0,11)+s;\n"
"if(!/^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d(:\\d\\d)?$/.test(s))return NaN;\n"
"return moment(Date.parse(s.replace(' ','T')+(s.length<19?':00Z':'Z')))});\n"
"if(v[0]<v[1]){zoom(v[0],v[1]);return}\n"
"e.setAttribute('aria-invalid','true');out.textContent=out.dataset.bad})});\n"
/* ---- a span selected with a mouse or a finger */
"pictures.forEach(function(p){var svg=p.svg,start=null,brush=null;svg.classList.add('live');\n"
"function at(e){var r=svg.getBoundingClientRect(),x=(e.clientX-r.left)*svg.viewBox.baseVal.width/"
"r.width;\n"
"return Math.min(Math.max(x,p.left),p.right)}\n"
"function end(){start=null;if(brush)brush.remove();brush=null}\n"
"function when(x){return a+(x-p.left)/(p.right-p.left)*(b-a)}\n"
"svg.addEventListener('pointerdown',function(e){if(e.button===0&&e.isPrimary)start=at(e)});\n"
"svg.addEventListener('pointermove',function(e){if(start===null)return;var x=at(e);\n"
"if(!brush&&Math.abs(x-start)>5){svg.setPointerCapture(e.pointerId);"
"brush=make('rect',{'class':'brush',y:22,height:p.height-24},svg)}\n"
"if(brush){brush.setAttribute('x',Math.min(x,start));brush.setAttribute('width',"
"Math.abs(x-start))}});\n"
"svg.addEventListener('pointerup',function(e){if(brush){var x=at(e),u=when(Math.min(x,start)),"
"v=when(Math.max(x,start));end();zoom(u,v)}else end()});\n"
"svg.addEventListener('pointercancel',end);\n"
"svg.addEventListener('dragstart',function(e){e.preventDefault()});\n"
"svg.addEventListener('dblclick',function(){zoom(first,last)})});\n"
"document.addEventListener('keydown',function(e){if(e.key==='Escape'&&(a!==first||b!==last)&&"
"bar.contains(e.target))zoom(first,last)});\n"
"bar.hidden=false;fill()})();\n";

static void
put_field(const struct timeline_sheet *s, FILE *f, const char *key)
{
	fprintf(f, "<label>%s <input type=\"text\" size=\"19\" maxlength=\"19\" "
	    "spellcheck=\"false\" autocomplete=\"off\"></label> ",
	    sheet_say(s, key));
}

static void
put_button(const struct timeline_sheet *s, FILE *f, const char *act, const char *sign)
{
	char key[32];

	snprintf(key, sizeof(key), "zoom.%s", act);
	fprintf(f, "<button type=\"button\" data-do=\"%s\"", act);
	if (sign)
		fprintf(f, " aria-label=\"%s\" title=\"%s\">%s</button>", sheet_say(s, key),
		    sheet_say(s, key), sign);
	else
		fprintf(f, ">%s</button>", sheet_say(s, key));
}

void
sheet_controls(const struct timeline_sheet *s, FILE *f)
{
	char *state = sheet_fill(s, "zoom.state", json_pack("{ssssssss}", "from", "@from", "to",
	    "@to", "n", "@n", "all", "@all"));

	fprintf(f, "<div class=\"zoom\" role=\"group\" aria-label=\"%s\" hidden>",
	    sheet_say(s, "zoom"));
	put_field(s, f, "zoom.from");
	put_field(s, f, "zoom.to");
	fputs("<span class=\"b\">", f);
	put_button(s, f, "nearer", "+");
	put_button(s, f, "farther", "\xe2\x88\x92");
	put_button(s, f, "earlier", "\xe2\x97\x80\xef\xb8\x8e");
	put_button(s, f, "later", "\xe2\x96\xb6\xef\xb8\x8e");
	put_button(s, f, "whole", NULL);
	fputs("</span> <output aria-live=\"polite\" data-state=\"", f);
	markup_text(f, state ? state : "");
	fprintf(f, "\" data-bad=\"%s\">%s</output></div>\n<p class=\"zoomed small\" hidden></p>\n",
	    sheet_say(s, "zoom.bad"), sheet_say(s, "zoom.hint"));
	free(state);
}
