// @ts-check
// A small player for a sound: its waveform is the track that is sought in. One plays at a time.

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

/** @type {HTMLAudioElement | null} */
let playing = null;

/**
 * @param {{ name: string, source: string, wave: string, seconds: number | null, until: AbortSignal }} sound `wave` is where
 *   its picture is; `seconds`, where known, is its length.
 */
export function soundPlayer({ name, source, wave, seconds, until }) {
  const audio = new Audio();
  audio.preload = "none";
  const play = h("button", { class: "button quiet square sound-play", type: "button" });
  const seek = h("input", { type: "range", class: "sound-seek", min: "0", max: "1000", step: "1", value: "0", "aria-label": `Position in ${name}` });
  const done = h("div", { class: "sound-wave done" });
  const rest = h("div", { class: "sound-wave" });
  const time = h("span", { class: "sound-time faint small" });
  const track = h("div", { class: "sound-track" }, rest, done, seek);
  const element = h("div", { class: "sound", role: "group", "aria-label": `Sound ${name}` }, play, track, time);
  let length = seconds;
  let hasFailed = false;

  const draw = () => {
    const isOn = !audio.paused;
    play.setAttribute("aria-label", `${isOn ? "Pause" : "Play"} ${name}`);
    play.title = isOn ? "Pause" : "Play";
    fill(play, isOn ? pause() : icon("play"));
    move();
  };
  const move = () => {
    const share = length ? Math.min(1, audio.currentTime / length) : 0;
    done.style.setProperty("clip-path", `inset(0 ${100 - share * 100}% 0 0)`);
    seek.value = String(Math.round(share * 1000));
    const said = `${clock(audio.currentTime)} of ${length === null ? "unknown length" : clock(length)}`;
    seek.setAttribute("aria-valuetext", said);
    fill(time, hasFailed ? "cannot be played here" : `${clock(audio.currentTime)} / ${length === null ? "–:––" : clock(length)}`);
  };
  const load = () => {
    if (!audio.src) audio.src = source;
  };
  const toggle = async () => {
    load();
    if (!audio.paused) {
      audio.pause();
      return;
    }
    if (playing && playing !== audio) playing.pause();
    playing = audio;
    try {
      await audio.play();
    } catch {
      // Said by the `error` event where it cannot be played; stopped by a person otherwise.
    }
  };
  const frame = () => {
    move();
    if (!audio.paused && !until.aborted) requestAnimationFrame(frame);
  };

  play.addEventListener("click", toggle);
  seek.addEventListener("input", () => {
    load();
    if (length) audio.currentTime = (Number(seek.value) / 1000) * length;
    move();
  });
  audio.addEventListener("play", () => (draw(), requestAnimationFrame(frame)));
  for (const event of ["pause", "ended", "seeked"]) audio.addEventListener(event, draw);
  audio.addEventListener("durationchange", () => {
    if (Number.isFinite(audio.duration)) length = audio.duration;
    move();
  });
  audio.addEventListener("error", () => {
    hasFailed = true;
    play.disabled = true;
    seek.disabled = true;
    draw();
  });
  until.addEventListener("abort", () => {
    audio.pause();
    audio.removeAttribute("src");
    if (playing === audio) playing = null;
  }, { once: true });

  // The picture is a mask, so that the wave takes the page's colours; without one the track is a line. There may be
  // hundreds of sounds: a picture is asked for when its track is seen.
  const picture = new Image();
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    picture.src = wave;
  });
  seen.observe(track);
  until.addEventListener("abort", () => seen.disconnect(), { once: true });
  picture.addEventListener("load", () => {
    for (const layer of [rest, done]) {
      layer.style.setProperty("mask-image", `url("${wave}")`);
      layer.classList.add("drawn");
    }
  });
  draw();
  return element;
}

/** @param {number} seconds */
export function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function pause() {
  const mark = icon("play");
  const path = mark.querySelector("path");
  path?.setAttribute("d", "M8 5v14M16 5v14");
  return mark;
}
