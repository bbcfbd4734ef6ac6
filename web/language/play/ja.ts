/** What /play/ says, and what stands printed there, in Japanese. */
import { midi } from '../midi/ja.ts';
import type { Room } from '../room.ts';
import type { PlayWords } from './english.ts';

export const room: Room<PlayWords> = {
  said: {
    nothing: 'まだ何も弾いていません。',
    goOn: 'その調子です。',
    enough: '十分に弾いたら、続きを頼んでください。',
    yours: 'あなたの演奏',
    midiKeyboard: 'MIDIキーボード',
    noKeyboard: 'MIDIキーボードがありません。つないでください。',
    listening: (names) => `${names}を聴いています。`,
    noMidi: 'このブラウザーでは、ページがMIDIキーボードを聴けません。',
    you: 'あなた',

    sent: (name) => `${name}を送っています。`,
    tooLong: (name, bytes, most) => `${name}は${bytes}バイトあります。受け取れるのは${most}バイトまでです`,
    notTaken: (name, status) => `${name}は受け取られませんでした（${status}）。もう一度お試しください`,
    cannot: (why) => `続きを作れません。${why}。`,
    unanswered: '局から返事がありません。あなたの音楽は残っています。もう一度お試しください。',
    piece: '曲',
    fetched: '棚から曲を取り出しています。',
    notOnShelf: 'この曲は、もう棚にありません。',

    looking: '探しています。',
    next: '次があなたの番です。',
    before: (count) => `あなたの前に${count}件あります。`,
    composing: (percent) => `続きを作っています（${percent}）。`,
    askedAgain: '局から返事がありません。もう一度尋ねています。',
    silent: '局から返事がなくなりました。あとでお試しください。',
    gone: 'ここにはもう何もありません。忘れられました。',
    failed: '作曲に失敗しました。もう一度お試しください。',
    notLoaded: '音楽を読み込めません。もう一度お試しください。',
    done: (movement, from, notes) => `できました。${movement}、${from}から、${notes}。`,

    notKept: '残しておけません。もう一度お試しください。',
    shared: 'リンクを知っている人は、これを聴けます。',
    copied: 'リンクをコピーしました。リンクを知っている人は、これを聴けます。',
    forgotten: '忘れました。',
    notForgotten: '局から返事がないため、まだ忘れていません。',
  },
  printed: {
    ...midi,
    'Play me something, I’ll go on: Pianola': '何か弾いてください。続きを弾きます：Pianola',
    'A few bars on the keys below, or a MIDI file dropped anywhere here.':
      '下の鍵盤で数小節弾くか、MIDIファイルをこのページのどこかに落としてください。',
    'What becomes of it': 'どうなるか',
    'Nothing is played yet.': 'まだ何も弾いていません。',
    'Composed so far': 'ここまでの作曲',
    'Position in the music': '曲の中の位置',
    'Download MIDI': 'MIDIをダウンロード',
    'Sheet (MusicXML)': '楽譜（MusicXML）',
    'Share a link': 'リンクを共有',
    'Forget it': '忘れさせる',
    Link: 'リンク',
    'Go on from this': 'この続きを弾く',
    'Start anew': '最初から',
    'Choose a MIDI file': 'MIDIファイルを選ぶ',
    'How much': '長さ',
    'half a minute': '30秒',
    'a minute': '1分',
    'two minutes': '2分',
    'Listen to my MIDI keyboard': 'MIDIキーボードを使う',
    'The keys': '鍵盤',
    '88 piano keys': 'ピアノの88鍵',
    'Mouse and fingers play; lower down on a key is louder. So do the computer’s keys: Z to M is an octave, Q to P the next one up, and the keys above them are the black ones. With the focus on the piano, up and down change the octave.':
      'マウスや指で弾けます。鍵の下のほうほど強く鳴ります。コンピューターのキーでも弾けます。英字の下の段が1オクターブ、上の段がその上のオクターブ、それぞれの上にあるキーが黒鍵です。鍵盤にフォーカスがあるときは、上下の矢印キーでオクターブが変わります。',
    'What you give goes to this station alone, is shown to nobody, and is forgotten half an hour after it is done, unless you ask for a link: then it is kept until you have it forgotten.':
      'いただいた音楽はこの局だけに届き、誰にも見せず、できあがってから30分で忘れます。リンクを求めた場合は、忘れさせるまで残しておきます。',
    'What you give goes to this station alone, is shown to nobody, and can be seen by nobody half an hour after it is done, and is deleted within two days, unless you ask for a link: then it is kept until you have it forgotten.':
      'いただいた音楽はこの局だけに届き、誰にも見せません。できあがってから30分で誰にも見えなくなり、2日以内に消されます。リンクを求めた場合は、忘れさせるまで残しておきます。',
    'What plays today': '今日の演奏',

    '{=} is no music that can be read: {}': '{}は音楽として読み取れません（{}）',
    '{=} has bars of over eight quarters: give it in shorter ones':
      '{}には四分音符8つ分を超える小節があります。短い小節でお願いします',
    '{=} holds a key more than {} times at once, which cannot be written: give other music':
      '{}では、ひとつの鍵が同時に{}回より多く押されていて、書き表せません。ほかの音楽でお願いします',
    '{=} holds every key: nothing can be added': '{}はすべての鍵を押さえているため、何も加えられません',
    '{=} leaves no room to go on: {}; give less': '{}には続きを書く余地がありません（{}）。短くしてください',
    '{} others are waiting already: come again in a few minutes':
      'すでに{}人が待っています。数分後にまたお越しください',
    'that was a lot of music: the next can be given in {} seconds':
      'たくさんの音楽をいただきました。次は{}秒後にどうぞ',
  },
};
