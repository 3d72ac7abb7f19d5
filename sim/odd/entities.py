"""What a row of each table is, in both languages: the entities of the description."""

from __future__ import annotations

ENTITIES: dict[str, dict[str, str]] = {
    "residents": {"en": "a resident", "zh": "一位居民"},
    "households": {"en": "a household", "zh": "一户"},
    "blocks": {
        "en": "a block, the smallest unit, cut by no reform",
        "zh": "一个网格块，最小单元，任何改革都不切开",
    },
    "areas": {
        "en": "an area: a community as it was at the start, the unit of reporting",
        "zh": "一个片区：起始时的社区，统计单元",
    },
    "institutions": {
        "en": "an institution of any kind, open or closed",
        "zh": "一个机构，不论类别、是否存续",
    },
    "staff": {"en": "a post and who holds it", "zh": "一个岗位及其任职者"},
    "pools": {
        "en": "a staff pool: people who serve one or more queues",
        "zh": "一个人员组：共同办理一个或多个队列的人",
    },
    "departments": {"en": "a department that issues work", "zh": "一个下达工作的部门"},
    "practice": {
        "en": "a written rule that somebody has to keep to, with a number an area",
        "zh": "一条需要有人执行的成文规则，每个片区一个数值",
    },
    "items": {"en": "an entry on the list of duties", "zh": "职责清单上的一个条目"},
    "cases": {"en": "a unit of work that anybody has asked for", "zh": "任何一方提出的一件事项"},
    "assigned": {"en": "a piece of assigned work of this month", "zh": "本月下达的一件交办工作"},
    "filed": {"en": "a request or transaction filed this month", "zh": "本月提出的一件诉求或窗口事项"},
    "ended": {"en": "a case that ended this month", "zh": "本月了结的一件事项"},
    "issues": {"en": "a public matter of the neighbourhood", "zh": "一个社区公共问题"},
    "organisations": {
        "en": "an organisation of residents: latent, filed or registered",
        "zh": "一个居民组织：潜在、备案或登记",
    },
}
KINDS_OF_COLUMN: dict[str, dict[str, str]] = {
    "trait": {"en": "trait: never changes", "zh": "特征：不变"},
    "status": {"en": "status: one mechanism's", "zh": "状态：由一个机制写入"},
    "stock": {"en": "stock: posted to, settled at the month's end", "zh": "存量：提交增减，月末结算"},
}
