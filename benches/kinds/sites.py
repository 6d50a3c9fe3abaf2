"""Writes the two sites benches/kinds.sh builds: WORK/course and WORK/directory. The same words every time."""
import os
import random
import sys

EPISODES, CUES, ROWS = 200, 4000, 10_000
WORDS = ("工资 合同 证据 仲裁 起诉 借条 利息 房东 押金 离婚 抚养 遗嘱 继承 消费 退货 诈骗 警察 律师 法院 调解 单位 老板 邻居 物业 "
         "时间 材料 窗口 电话 办理 申请 期限 规定 约定 签字 转账 保存 记录 说明 同意 要求").split()
KINDS = ["司法所", "律师事务所", "公证处", "法律援助中心", "人民调解委员会"]


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def clock(seconds):
    return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}:{seconds % 60:06.3f}"


def sentence(random):
    said = "".join(random.choice(WORDS) for _ in range(random.randint(5, 9)))
    law = f"，依据《示例工资条例》第{random.choice('一二三四五六七八九')}条" if random.random() < 0.01 else ""
    return said + law + "。"


def transcript(random):
    cues, length = [], 7200 / CUES
    for at in range(CUES):
        cues.append(f"{clock(at * length)} --> {clock(at * length + length - 0.05)}\n{sentence(random)}\n")
    return "WEBVTT\n\n" + "\n".join(cues)


def course(folder):
    write(f"{folder}/pufa.toml", 'title = "示例站"\nbase_url = "https://example.org"\n')
    articles = "\n\n".join(f"第{n}条 单位应当按时支付工资。" for n in "一二三四五六七八九")
    write(f"{folder}/content/laws/_index.md", '+++\ntitle = "法律法规"\nkind = "laws"\n+++\n')
    write(f"{folder}/content/laws/example.md", f'+++\ntitle = "示例工资条例"\neffective = 2020-01-01\n+++\n\n{articles}\n')
    write(f"{folder}/content/classes/_index.md", '+++\ntitle = "云课堂"\nkind = "course"\n+++\n')
    for number in range(1, EPISODES + 1):
        here = f"{folder}/content/classes/{number:03}-lesson-{number}"
        chapters = "".join(f'[[chapters]]\nstart = "{clock(at)}"\ntitle = "第{at // 600 + 1}节"\n' for at in range(0, 7200, 600))
        write(f"{here}/index.md",
              f'+++\ntitle = "第{number}讲"\nnumber = {number}\ndate = 2026-01-01\nduration = "2:00:00"\naudio = "a.mp3"\n'
              f'transcript = "t.vtt"\n{chapters}+++\n\n这一讲说工资。\n')
        write(f"{here}/t.vtt", transcript(random.Random(number)))
        with open(f"{here}/a.mp3", "wb") as file:
            file.write(b"\0" * 100_000)


def directory(folder):
    write(f"{folder}/pufa.toml", 'title = "示例站"\nbase_url = "https://example.org"\n')
    write(f"{folder}/data/topics.toml", "".join(f'[[term]]\nname = "{name}"\n' for name in ("劳动就业", "婚姻家庭", "借贷担保")))
    write(f"{folder}/content/services/_index.md", '+++\ntitle = "名录"\nkind = "directory"\ndata = "services.csv"\n+++\n')
    rows = [f"第{n}{KINDS[n % 5]},{KINDS[n % 5]},示例市示例路{n}号,000-{n:08},周一至周五 9:00-17:00,劳动就业;婚姻家庭,{WORDS[n % 40]}"
            for n in range(1, ROWS + 1)]
    write(f"{folder}/content/services/services.csv", "name,kind,address,phone,hours,topics,note\n" + "\n".join(rows) + "\n")


course(sys.argv[1] + "/course")
directory(sys.argv[1] + "/directory")
