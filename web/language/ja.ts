/** Japanese. */
import { minutesText } from '../../src/words.ts';
import type { Near } from './english.ts';
import { printed } from './printed/ja.ts';
import type { Tongue } from './reader.ts';
import { titled } from './titles.ts';

const NOTES: Readonly<Record<string, string>> = {
  C: 'ハ',
  D: 'ニ',
  E: 'ホ',
  F: 'ヘ',
  G: 'ト',
  A: 'イ',
  B: 'ロ',
};
const daysName = (near: Near, day: string): string =>
  ({ tonight: '今夜', today: '今日', tomorrow: '明日', lastNight: '昨夜', yesterday: '昨日' })[
    near as string
  ] ?? day;

const within = (ms: number): string => `${ms < 1 ? 1 : Math.ceil(ms)}ミリ秒`;

export const ja: Tongue = {
  code: 'ja',
  locale: 'ja',
  comma: '、',
  together: (one, other) => `${one}${other}`,
  dayAndTime: (near, day, time) => `${daysName(near, day)} ${time}`,
  extraOf: (date) => `${date}のおまけ`,
  yourTimeUtc: 'お使いの地域の時刻（UTC）',
  yourTimeToo: 'お使いの地域も、この局も同じ時刻',
  yourTime: (there) => `お使いの地域の時刻（${there}）`,
  inPlace: (time, place) => `${place}では${time}`,
  inDays: (days, hours) => `あと${days}日${hours}時間`,
  inHours: (hours, minutes) => `あと${hours}時間${minutes}分`,

  join: '一緒に聴く',
  beThere: (near, day, time) =>
    `${near === 'today' || near === 'tonight' ? '' : daysName(near, day)}${time}に立ち会う`,
  beThereAnyway: '始まるときに立ち会う',
  hear: (near, day) => `${daysName(near, day)}の演奏を聴く`,
  play: '再生',
  pause: '一時停止',
  mute: '音を消す',
  muted: '消音中',
  light: '明るく',
  dark: '暗く',
  toLight: '明るく：明るい配色にする',
  toDark: '暗く：暗い配色にする',

  edition: '新しい版',
  editionWhy: 'このページは、局よりも古くなりました。',
  encore: 'アンコール',
  encoreOf: (date) => `アンコール（${date}）`,
  encoreWhy: '前に演奏した曲です。今日は新しい曲がありません。',
  doors: '開場しました',
  tonight: '今夜',
  forToday: '今日のために作られた曲です。',
  todaysRoll: '今日のロール',
  hungIn: '掛け終わりました。ひとりでに始まります。',
  moment: 'まもなく',
  live: '演奏中',
  end: '終わり',
  nothingYet: 'まだ何も演奏していません',
  stillBlank: '最初のロールは、まだ白紙です。',
  stopped: '中断',
  silentDay: '静かな日',
  outOfReach: 'つながりません',
  playedLast: '前回の演奏',
  first: '最初の曲',
  composed: '作曲中',
  soon: '第1楽章ができしだい、始まります。',
  percent: (part) => `${Math.floor(part * 100)}%`,

  tabComposed: (percent) => `作曲中 ${percent}`,
  tabUntil: (countdown) => `開演まで ${countdown}`,
  tabLive: (title) => `演奏中：${title}`,
  tabEncore: (title) => `アンコール：${title}`,
  tabPlaying: (title) => `再生中：${title}`,
  theEnd: '終わり',

  connecting: '接続しています。',
  reload: 'ページを読み込み直すと続けられます。',
  lostPlaying: '接続が切れました。届いた分を演奏しながら、つなぎ直しています。',
  lost: '接続が切れました。つなぎ直しています。',
  restartsPlaying: '局が再起動しています。まもなく戻ります。届いた分の演奏を続けます。',
  restarts: '局が再起動しています。まもなく戻ります。',
  noAudio: 'このブラウザーにはWeb Audioがありません。ロールを見ることはできますが、音は出ません。',
  noAudioDay: 'このブラウザーにはWeb Audioがありません。下にMIDIファイルがあります。',
  noMusic: '音楽を読み込めません。ページを読み込み直してみてください。',
  willBeThere: '立ち会えます。音の準備はできました。このページを開いたままお待ちください。',
  youAreIn: '席につきました。ひとりでに始まります。',
  sameNote: '誰もが同じ瞬間に、同じ音を聴きます。',
  noAnswer: '局から返事がありません。呼びかけを続けています。',
  silent: '静かな日です。曲は作られず、古い曲を新しいと偽ることもしません。',
  endedEarly: '演奏は途中で終わりました。',
  noneComing: 'この局に、次の演奏の予定はありません。',
  composing: (tenths) => `今日の曲を作っています（${tenths}割）。第1楽章ができしだい、始まります。`,
  hearing: (count) =>
    count > 0 ? `今この演奏を、ほかの${count}人と一緒に聴いています。` : '今この演奏を聴いています。',
  playing: (count) => (count > 0 ? `今、${count}人を前に演奏しています。` : '今、演奏しています。'),
  pressJoin: '「一緒に聴く」を押すと聴けます。',
  pressSpace: 'スペースキーか「一緒に聴く」を押すと聴けます。',
  replayPlaying: (speed) => (speed ? `再生中（${speed}）。` : '再生中。'),
  replayPaused: (time) => `${time}で止めました。`,
  replayEnded: '終わり。',

  silence: '静寂。',
  caption: (pace, register, loudness, voices) =>
    `${[
      ['まばら', 'なめらか', '密'][pace],
      ['低い', '中ほど', '高い'][register],
      ['弱い', 'ほどよい強さ', '強い'][loudness],
      voices > 4 ? '多くの声部' : `${voices}声部`,
    ].join('、')}。`,

  lineLost: '接続が切れました',
  lineRestarts: '局が再起動しています',
  lineConnecting: '接続しています',
  lineOpen(ms, siteMs, count) {
    const site = siteMs === null ? '' : `（サイトの時計では${within(siteMs)}以内）`;
    const time = ms === null ? '、時刻はまだ合っていません' : `、時刻のずれは${within(ms)}以内${site}`;
    return `接続済み${time}${count > 0 ? `、ほかに${count}人` : ''}`;
  },

  firstHole: 'この余白の最初の穴は、あなたのものです。',
  punched: (count) => `あなたの穴があきました。余白の穴は${count}個です。`,
  punchedAlready: (count) => `あなたの穴は、もうあいています。余白の穴は${count}個です。`,
  full: (count) => `余白はいっぱいです。穴は${count}個です。`,
  early: '最後の音が鳴り終わってからどうぞ。',
  late: 'この余白は閉じました。次の余白は、次の曲のあとに開きます。',
  tooMany: '同じネットワークからの穴が多すぎます。しばらくお待ちください。',
  noMargin: 'このロールには余白がありません。',

  delayUntold: 'このブラウザーは、音が出るまでの時間を教えてくれません。',
  delayTold: (ms) =>
    `この機器によれば、音が出るまでに${Math.round(ms)}ミリ秒かかります。その分は計算に入れてあります。`,
  bluetooth:
    'Bluetoothは、自ら言うより遅れることがよくあります。線が穴をあける瞬間に音が聞こえるよう、合わせてください。',
  instrumentDelay:
    'お使いの楽器は、自分の遅れを教えてくれません。線が穴をあける瞬間に音が聞こえるよう、合わせてください。',
  milliseconds: (ms) => `${ms}ミリ秒`,
  ownPiano: 'このページのピアノ',
  byMidi: 'MIDIでつないだ楽器',
  midiInstrument: (number) => `MIDI楽器 ${number}`,
  noInstrument: 'MIDI楽器がつながっていません。つないでから、ここで選んでください。',
  disconnected: (name) => `${name || '楽器'}との接続が切れました。このページのピアノが演奏を続けます。`,
  noMidi: 'このブラウザーにはWeb MIDIがありません。Chrome、Edge、Firefoxにはあります。',
  midiRefused: 'ブラウザーが、このページのMIDIの使用を許していません。このサイトの設定で許可できます。',
  midiFailed: (why) => `ここではMIDIを使えません${why ? `（${why}）` : ''}。`,

  doorsNote: 'Pianola：開場しました',
  beginsIn: (countdown) => `開演まで ${countdown}。`,

  theWeek: '一週間を、ひとつのロールで',
  playOn: '続きを聴く',
  playWeek: '一週間を通して聴く',
  backToLast: '前回のロールに戻る',
  notPunched: 'まだ白紙です',
  nothingPlayed: '演奏はありませんでした',
  untitled: '無題',
  notes: (_, written) => `${written}音`,
  heardBy: (count, written) => (count === 0 ? '聴いた人なし' : `${written}人が聴きました`),
  timeOf: (time) => {
    const [at, whole] = time.split(' / ');
    return `${whole}のうち${at}`;
  },
  page: (page, pages, bar) => `${pages}ページ中${page}ページ、${bar}小節`,
  title: titled({
    names: {
      Song: '歌曲',
      'Cradle song': '子守歌',
      Nocturne: '夜想曲',
      'Song without words': '無言歌',
      Mazurka: 'マズルカ',
      Waltz: 'ワルツ',
      Polka: 'ポルカ',
      Allegro: 'アレグロ',
      Andante: 'アンダンテ',
      Siciliano: 'シチリアーノ',
      Minuet: 'メヌエット',
      Prelude: '前奏曲',
      Fantasia: '幻想曲',
      Suite: '組曲',
      'Two pieces': '二つの小品',
      Continuation: '続き',
    },
    inKey(name, key, major) {
      const [letter = '', sign] = key.split(' ');
      const accidental = sign === 'flat' ? '変' : sign === 'sharp' ? '嬰' : '';
      return `${name} ${accidental}${NOTES[letter]}${major ? '長調' : '短調'}`;
    },
  }),

  movement: (numeral) => `第${numeral}楽章`,
  turn: (turn, numeral, bar) =>
    `${{ leaves: '別の歩み', returns: '冒頭が戻る', varies: '変奏' }[turn]}：${numeral}、${bar}小節`,
  presence: (here) =>
    here < 1
      ? 'その場にいました'
      : here === 1
        ? 'ただひとり、聴いていました'
        : `${here}人のうちのひとりでした`,
  fromTo: (fromMs, toMs) => `${minutesText(fromMs)}から${minutesText(toMs)}まで`,

  printed,
};
