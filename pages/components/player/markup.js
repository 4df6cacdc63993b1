// The parts of the player, from top to bottom.

export const MARKUP = `<div class="frame">
  <div class="legend"><span class="name"><span></span><b></b></span><b class="at" aria-hidden="true"></b><button type="button" class="more" aria-expanded="false">Options</button><span class="options"></span>
    <span class="colours"><button type="button" class="scale"></button><span class="end low"></span>
      <canvas width="240" height="2" aria-hidden="true"></canvas><span class="end high"></span></span></div>
  <div class="tracks" tabindex="0" role="application"
       aria-label="Heatmaps: arrow keys move the step and the selected unit"></div>
  <div class="controls"></div>
  <div class="film" hidden></div>
  <div class="predicted" hidden><b>Prediction</b><div role="region" aria-label="Prediction"></div></div>
  <div class="training" hidden></div>
  <div class="footer"><div class="readout"></div><button type="button" class="details" hidden></button></div></div><div class="tip"></div>`
