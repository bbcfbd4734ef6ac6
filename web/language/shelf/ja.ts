/** What the shelf says, and what stands printed there, in Japanese. */
import { midi } from '../midi/ja.ts';
import type { Room } from '../room.ts';
import type { ShelfWords } from './english.ts';

export const room: Room<ShelfWords> = {
  said: {
    loading: (percent) => `音を読み込んでいます（${percent}）`,
    noSounds: '音を読み込めません。もう一度お試しください。',
    notLoaded: '曲を読み込めません。もう一度お試しください。',
    unreadable: (why) => `曲を読み取れません（${why}）。`,
    noChoice: '選べる曲がありません。',
    copied: 'リンクをコピーしました。',
    found: (count, written) => (count === 0 ? '見つかりません' : `${written}件見つかりました`),
    foundMore: (written, shown) => `${written}件見つかり、最初の${shown}件を表示しています`,
    noList: '一覧を読み込めません。もう一度お試しください。',
  },
  printed: {
    ...midi,
    'What people left on the web': '人々がウェブに残したもの',
    'Nothing is on the shelf yet: whoever runs this station has not published a collection. The archive has what was composed here.':
      '棚にはまだ何もありません。この局の主は、まだ何も公開していません。ここで作られた曲は、記録にあります。',
    '{} MIDI files from {} places, as people left them there.':
      '{}個のMIDIファイル、{}か所から。人々が残したままの姿です。',
    '{} MIDI files from 1 place, as people left them there.':
      '{}個のMIDIファイル、1か所から。人々が残したままの姿です。',
    '1 MIDI file from 1 place, as people left them there.':
      '1個のMIDIファイル、1か所から。誰かが残したままの姿です。',
    'To the archive': '記録へ',
    'Search all of them': 'すべてから探す',
    Filter: '絞り込む',
    'Filter this page': 'このページを絞り込む',
    Player: 'プレーヤー',
    'Press a name to hear it.': '曲名を押すと聴けます。',
    'Any one': 'おまかせ',
    'Position in the piece': '曲の中の位置',
    Download: 'ダウンロード',
    'Share a link': 'リンクを共有',
    'Let the model go on from this': 'この続きをモデルに弾かせる',
    '1 file': '1ファイル',
    '{} files': '{}ファイル',
    '1 file.': '1ファイル。',
    '{} files.': '{}ファイル。',
    '1 file, collected {}.': '1ファイル（{}に収集）。',
    '{} files, collected {}.': '{}ファイル（{}に収集）。',
    '{} files, collected {} to {}.': '{}ファイル（{}から{}までに収集）。',
    'The site itself': '元のサイト',
    'Where they are from was not written down.': 'どこから来たのかは記録されていません。',
    '{=}, page {} of {}': '{}、{}ページ（全{}ページ）',
    Pages: 'ページ',
    '1 instrument': '1種の楽器',
    '{} instruments': '{}種の楽器',
    drums: '打楽器',
    words: '歌詞',
    original: '元のファイル',
    'MIDI file of {=}': 'MIDIファイル：{}',
    'original of {=}': '元のファイル：{}',
    'What the site says of rights': '権利について、元のサイトにあること',
    'Nothing that was found.': '何も見つかりませんでした。',
    'If something should not be here': 'ここにあるべきでないものがあれば',
    'Write to': '連絡先：',
    'with the link of the file: it is taken away.':
      'ファイルのリンクを添えてお知らせいただければ、取り下げます。',
    'Sounds: FluidR3Mono by Frank Wen and Michael Cowgill,':
      '音：FluidR3Mono（Frank Wen、Michael Cowgill）、',
    ', played by': '、演奏：',
  },
};
