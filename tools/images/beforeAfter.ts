export const BEFORE_AFTER_SIZE = { width: 1600, height: 872 };

const dataUrl = (png: Buffer): string => `data:image/png;base64,${png.toString('base64')}`;

/** The front image at left, its nine views at right, and a line that says what they are. */
export function beforeAfterPage(front: Buffer, views: readonly Buffer[]): string {
	const cells = views.map((view) => `<img src="${dataUrl(view)}" alt="">`);
	const rows = [0, 1, 2].map(
		(set) =>
			`<div class="set"><b>${set + 1}</b>${cells.slice(set * 3, set * 3 + 3).join('')}</div>`,
	);
	return `<!doctype html>
<meta charset="utf-8">
<style>
	* { box-sizing: border-box; margin: 0 }
	body {
		width: ${BEFORE_AFTER_SIZE.width}px; height: ${BEFORE_AFTER_SIZE.height}px; padding: 40px 48px 0;
		background: #fff; color: #1e263a; font: 500 26px/1.2 Inter, 'Noto Sans', 'DejaVu Sans', sans-serif;
		display: grid; grid-template: 46px 720px 1fr / 720px 1fr 720px; align-items: center;
	}
	h2 { font-size: 28px; font-weight: 650; letter-spacing: -0.2px }
	img { display: block; object-fit: cover; border-radius: 14px }
	.front { width: 720px; height: 720px; border-radius: 20px }
	.views { height: 720px; display: grid; gap: 12px }
	.set { position: relative; display: grid; grid-template-columns: repeat(3, 1fr); gap: 12px }
	.set img { width: 232px; height: 232px }
	.set b {
		position: absolute; left: 10px; top: 10px; width: 30px; height: 30px; border-radius: 15px;
		background: #ffffffd9; color: #1e263a; font-size: 17px; line-height: 30px; text-align: center;
	}
	svg { justify-self: center }
	p { grid-column: 1 / 4; align-self: center; color: #6d7890; font-size: 20px; font-weight: 450 }
</style>
<h2>Your image</h2><span></span><h2>Nine views, three sets</h2>
<img class="front" src="${dataUrl(front)}" alt="">
<svg width="52" height="52" viewBox="0 0 84 84"><circle cx="42" cy="42" r="34" fill="#1e263a"/>
<path d="M27 42h28M44 30l12 12-12 12" fill="none" stroke="#fff" stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round"/></svg>
<div class="views">${rows.join('')}</div>
<p>Stand-ins drawn by the local Kling of this repository, not Kling&rsquo;s output. Kling draws its own views of your image.</p>`;
}
