#!/bin/sh
# 为课程的示例录音合成声音：把 transcript.vtt 逐句念出来，写成 audio.mp3，
# 再按念出来的实际时长改写 transcript.vtt、时长和章节时间，使字幕与声音一致。
#
#   sh make-sound.sh                     合成下面列出的三讲
#   sh make-sound.sh 02-contract         只合成指明的几讲
#
# 需要：espeak-ng、sox、lame（Debian：apt-get install espeak-ng sox lame）。
# 可调：SPEED 语速，PAUSE 句间停顿（秒），REST 换章停顿（秒），RATE 比特率（kbit/s）。

set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")"

SPEED=${SPEED:-200}
PAUSE=${PAUSE:-0.40}
REST=${REST:-1.20}
RATE=${RATE:-24}
VOICE=cmn-latn-pinyin
NOTE='本集声音由开源语音合成程序 espeak-ng 生成'

for tool in espeak-ng sox soxi lame awk sed; do
    command -v "$tool" >/dev/null 2>&1 || { echo "缺少程序：$tool" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# 合成程序一字一音，多音字在这里换成读音相同的字；号码逐位念。只影响声音，不影响字幕。
cat >"$work/say.sed" <<'SED'
s/《//g
s/》//g
s/“//g
s/”//g
s/（/，/g
s/）/，/g
s/、/，/g
s/12333/一二三三三/g
s/12348/一二三四八/g
s/96110/九六妖妖零/g
s/110/妖妖零/g
s/1\/3/三分之一/g
s/60个/六十个/g
s/30个/三十个/g
s/3年/三年/g
s/2年/两年/g
s/二〇二/二零二/g
s/干脆/甘脆/g
s/干/赣/g
s/银行/银航/g
s/调解/条解/g
s/调查/掉查/g
s/队长/队掌/g
s/要求/妖求/g
s/应用/硬用/g
s/没收/末收/g
s/恐吓/恐贺/g
s/差价/叉价/g
s/通缉/通积/g
s/重新/虫新/g
s/尽量/仅量/g
s/泄露/泄漏/g
s/处理/储理/g
s/查处/查储/g
s/行为/行围/g
s/工地/工弟/g
s/地方/弟方/g
s/所在地/所在弟/g
s/履行地/履行弟/g
s/义务/义物/g
s/服务/服物/g
s/务工/物工/g
s/诉讼/素讼/g
s/起诉/起素/g
s/投诉/投素/g
s/申诉/申素/g
s/利息/利西/g
s/信息/信西/g
s/单位得/单位dei3/g
s/就得发/就dei3发/g
s/还得/还dei3/g
s/不得/不德/g
s/得到/德到/g
s/还是还我/还是环我/g
s/那是还我/那是环我/g
s/算还利西还是还本金/算环利西还是环本金/g
s/还钱/环钱/g
s/还款/环款/g
s/还清/环清/g
s/还给被骗/环给被骗/g
s/怎么还/怎么环/g
s/过期不还/过期不环/g
s/还一笔/环一笔/g
s/你说还了/你说环了/g
s/还了一部分/环了一部分/g
s/提前还/提前环/g
s/月底前还/月底前环/g
s/催他还/催他环/g
SED
one() {
    dir=$1
    rm -rf "$work/wav" && mkdir "$work/wav"

    # 每句一行：开始时间（毫秒）、制表符、文字。
    awk -v RS= -F '\n' '
        function ms(t,  p, n) { n = split(t, p, ":"); return ((n > 2 ? p[n-2] * 3600 : 0) + p[n-1] * 60 + p[n]) * 1000 }
        {
            for (i = 1; i <= NF; i++) if ($i ~ /-->/) {
                split($i, t, " "); text = ""
                for (j = i + 1; j <= NF; j++) text = text $j
                printf "%d\t%s\n", ms(t[1]), text
            }
        }' "$dir/transcript.vtt" >"$work/cues"

    # 各章从哪一句开始：取开始时间最近的一句。
    awk -F '"' '
        function ms(t,  p, n) { n = split(t, p, ":"); return ((n > 2 ? p[n-2] * 3600 : 0) + p[n-1] * 60 + p[n]) * 1000 }
        FNR == NR { split($0, c, "\t"); at[++cues] = c[1]; next }
        /^start *=/ {
            best = 1; far = -1
            for (i = 1; i <= cues; i++) {
                d = at[i] - ms($2); if (d < 0) d = -d
                if (far < 0 || d < far) { far = d; best = i }
            }
            print best
        }' "$work/cues" "$dir/index.md" >"$work/chapters"

    number=0
    total=0
    : >"$work/times"
    while IFS='	' read -r _ text; do
        number=$((number + 1))
        wav=$(printf '%s/wav/%04d.wav' "$work" "$number")
        printf '%s\n' "$text" | sed -f "$work/say.sed" >"$work/line"
        espeak-ng -v "$VOICE" -s "$SPEED" -z -b 1 -f "$work/line" -w "$work/raw.wav"
        if grep -qx "$((number + 1))" "$work/chapters"; then rest=$REST; else rest=$PAUSE; fi
        sox -q -D "$work/raw.wav" "$wav" pad 0 "$rest"
        samples=$(soxi -s "$wav")
        rate=$(soxi -r "$wav")
        printf '%d\t%d\t%s\n' "$((total * 1000 / rate))" "$(((total + samples) * 1000 / rate))" "$text" >>"$work/times"
        total=$((total + samples))
    done <"$work/cues"

    sox -q -D "$work"/wav/*.wav "$work/all.wav" gain -n -3
    lame --quiet -m m -b "$RATE" --resample 22.05 -q 2 "$work/all.wav" "$dir/audio.mp3"

    awk -F '\t' '
        function stamp(ms) {
            return sprintf("%02d:%02d:%02d.%03d", int(ms / 3600000), int(ms / 60000) % 60, int(ms / 1000) % 60, ms % 1000)
        }
        BEGIN { print "WEBVTT" }
        { printf "\n%d\n%s --> %s\n%s\n", NR, stamp($1), stamp($2), $3 }' "$work/times" >"$work/vtt"
    cat "$work/vtt" >"$dir/transcript.vtt"

    awk -F '\t' -v note="$NOTE" -v times="$work/times" -v chapters="$work/chapters" '
        function clock(ms) { return sprintf("%02d:%02d", int(ms / 60000), int(ms / 1000) % 60) }
        BEGIN {
            while ((getline line < times) > 0) { split(line, t, "\t"); start[++cues] = t[1]; end = t[2] }
            while ((getline line < chapters) > 0) first[++parts] = line
        }
        /^\+\+\+$/ { fence++ }
        fence == 1 && /^sound_note *=/ { next }
        fence == 1 && /^duration *=/ { print "duration = \"" clock(end) "\""; next }
        fence == 1 && /^audio *=/ { print; print "sound_note = \"" note "\""; next }
        fence == 1 && /^start *=/ { print "start = \"" clock(start[first[++part]]) "\""; next }
        { print }' "$dir/index.md" >"$work/index"
    cat "$work/index" >"$dir/index.md"

    echo "$dir：$number 句，$((total / rate)) 秒，$(wc -c <"$dir/audio.mp3") 字节"
}

[ "$#" -gt 0 ] || set -- 01-wages 05-iou-interest 12-telecom-fraud
for episode; do
    [ -f "$episode/transcript.vtt" ] || { echo "没有字幕：$episode/transcript.vtt" >&2; exit 1; }
    one "$episode"
done
