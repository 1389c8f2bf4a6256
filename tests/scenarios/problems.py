"""What people do with problems, orders and objections, for stories. The pool opens on Monday 2013-05-13."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from engine import messages
from engine.database import Sessions
from engine.tables import Incident, Instance, Message, Request
from tests.scenarios.campaigns import CALENDAR, City
from tests.scenarios.campaigns import install as install_city
from workflows.tables import Campaign, Objection, Problem

CHAOYANG, FENGTAI, DAXING = "110105-HB", "110106-HB", "110115-HB"
AIR, REFORM = "110000-HBJ", "110000-FGW"
_serial = count(1)


def install(sessions: Sessions, folder: Path, password: str) -> Pool:
    city = install_city(sessions, folder, password, ["objection_review", "rectification", "common_problem"])
    pool = Pool(city.stage)
    pool.go_to("2013-05-13 09:00")
    return pool


@dataclass
class Pool(City):
    """The pool of problems, and all who work on it."""

    # ---- problems (P05)

    def report(
        self, unit: str = CHAOYANG, title: str = "黄标车淘汰缺少注销资金", task_code: str = "air", **more: Any
    ) -> str:
        """Somebody reports a problem; returns the id of the case that deals with it."""
        problem_id = f"p{next(_serial)}"
        self.stage.send("msg_problem_reported", problem_id, {
            "problem_id": problem_id,
            "title": title,
            "org": unit,
            "task_code": task_code,
            "description": "注销补贴没有到位，车主不愿意报废。",
            "source": "item_progress",
        } | more)  # fmt: skip
        return self.case_of(problem_id)

    def case_of(self, problem_id: str) -> str:
        return str(self.problem(problem_id).instance_id)

    def triage(self, case: str, route: str, **answers: Any) -> None:
        self.do(case, "triage_problem", "synthesis-officer-01", **{
            "category": "funding_gap",
            "task_code": "air",
            "affected_units": [CHAOYANG],
            "cause": "funding",
            "severity": "serious",
            "verified": True,
            "problem_route": route,
            "corruption": False,
            "beyond_authority": False,
            "units_disagree": False,
        } | answers)  # fmt: skip

    def study(self, case: str, **answers: Any) -> None:
        self.do(case, "study_problem", "air-lead-01", **{
            "analysis": "三个区都缺注销补贴的配套资金。",
            "options": [{"option": "市区各担一半", "merits": "快"}],
        } | answers)  # fmt: skip

    def propose(self, case: str, within: bool = True, **answers: Any) -> None:
        self.do(case, "propose_solution", "air-lead-01", **{
            "solution": "各区先行垫付，年底统一结算。",
            "within_authority": within,
            "responsible_unit": AIR,
            "deadline": "2013-07-31",
        } | answers)  # fmt: skip

    def decide(self, case: str, verdict: str) -> None:
        self.do(case, "issue_solution", "office-deputy-01", verdict=verdict)

    def up_to_proposal(self) -> str:
        """The same problem from three districts, studied, with the opinions of the units."""
        for unit in (CHAOYANG, FENGTAI):
            self.triage(self.report(unit), "local", affected_units=[unit])
        case = self.report(DAXING)
        self.triage(case, "common", affected_units=[CHAOYANG, FENGTAI, DAXING])
        self.study(case, opinion_units=[AIR])
        self.do(case, "unit_opinion", "air-unit-01", position="agree")
        return case

    def problem(self, problem_id: str) -> Problem:
        (found,) = self.rows(Problem, Problem.id == problem_id)
        return found

    def problem_of(self, case: str) -> Problem:
        (found,) = self.rows(Problem, Problem.instance_id == case)
        return found

    # ---- orders (P06)

    def orders(self, case: str) -> dict[str, str]:
        """Unit -> case of the order that it got from this case."""
        tokens = [request.id for request in self.rows(Request, Request.instance_id == case, Request.kind == "call")]
        return {one.variables["unit"]: one.id for one in self.rows(Instance, Instance.parent_request.in_(tokens))}

    def order(self, case: str, unit: str = CHAOYANG, objection: bool = False) -> None:
        """Issued for at once, and signed for."""
        self.do(
            case,
            "issue_order",
            "air-officer-01",
            problem="黄标车淘汰滞后",
            responsible_unit=unit,
            requirement="补齐资金，完成淘汰。",
            standard="注销登记数达到目标。",
            rectification_kind="immediate",
            deadline=self.stage.moment.working_days(3).astimezone(CALENDAR.zone).date().isoformat(),
            publicise=False,
        )
        district = unit.split("-")[0]
        self.do(
            case, "sign_order", f"supervision-{district}", accepted=True, objection=objection, opinion="车辆数有误。"
        )

    def rectify(self, case: str, unit: str = CHAOYANG) -> None:
        """From the order to its closing; the look back comes thirty days later."""
        self.order(case, unit)
        worker = f"unit-{unit}"
        pictures = [self.stage.photo(worker, "before"), self.stage.photo(worker, "after")]
        answers = {"result": "资金到位。", "before_after": pictures, "similar_check": "已排查。"}
        self.do(case, "report_rectification", worker, **answers)
        evidence = [self.stage.photo("air-officer-01", "recheck")]
        checkers = ["air-officer-01", "air-officer-02"]
        self.do(case, "recheck", "air-officer-01", verdict="pass", checkers=checkers, evidence=evidence)
        self.do(case, "close_order", "air-lead-01", verdict="close")

    def look_back(self, case: str, unit: str = CHAOYANG) -> None:
        who = f"supervision-{unit.split('-')[0]}"
        self.do(case, "look_back", who, rebound=False, evidence=[self.stage.photo(who, "later")])

    def issued_order(self) -> str:
        """An order by hand that is signed for; returns its case."""
        case = self.stage.start("air-officer-01", "rectification", "朝阳区黄标车淘汰滞后", "110105", "air")
        self.order(case)
        return case

    # ---- objections (P08)

    def object_to(self, conclusion: str, received: str, filed: str, **more: Any) -> str:
        """The unit objects on paper, and the message is entered; returns the case of the review."""
        self.stage.send("msg_objection_filed", conclusion, {
            "conclusion_id": conclusion,
            "title": "对朝阳区黄标车整改的异议",
            "org": CHAOYANG,
            "task_code": "air",
            "received_on": received,
            "filed_on": filed,
            "grounds": "车辆数有误。",
        } | more)  # fmt: skip
        return self.review_of(conclusion)

    def review_of(self, conclusion: str) -> str:
        (found,) = self.rows(Objection, Objection.conclusion_id == conclusion)
        return str(found.instance_id)

    def take_up(self, case: str, **answers: Any) -> None:
        """The officer goes by what stands in the form."""
        (task,) = self.open_tasks(case, "accept_objection")
        seen = self.seen(task, "synthesis-officer-01")
        known = {name: seen[name] for name in ("received_on", "filed_on", "grounds")}
        self.complete(task, "synthesis-officer-01", **known | {"admissible": True} | answers)

    def review(
        self, case: str, proposal: str = "uphold", who: str = "synthesis-officer-01", onsite: bool = False
    ) -> None:
        answers = {"recusal_checked": True, "facts": "核对了注销登记。", "proposal": proposal, "onsite_needed": onsite}
        self.do(case, "review_objection", who, **answers)

    def rule(self, case: str, decision: str, **answers: Any) -> None:
        self.do(case, "decide_review", "office-director-01", decision=decision, **answers)

    def objection(self, case: str) -> Objection:
        (found,) = self.rows(Objection, Objection.instance_id == case)
        return found

    # ---- what is to be seen

    def open_campaign(self, profile: str = "profile_2013") -> str:
        """A campaign that is going on under these rules; its id is that of a case, here of any."""
        case = self.stage.start("air-officer-01", "rectification", "另案", "110105", "air")
        with self.stage.sessions.begin() as session:
            session.add(
                Campaign(
                    id=case, title="专项督查", supervision_type="special", authority_basis="government_decision",
                    scope="", objects=[], start_date=date(2013, 4, 15), end_date=date(2013, 12, 31), profile=profile,
                    classification="internal", status="active", created_at=self.stage.now,
                )
            )  # fmt: skip
        return case

    def cancel_campaign(self, campaign: str, reason: str) -> None:
        """As P01 throws it."""
        with self.stage.sessions.begin() as session:
            payload = {"campaign_id": campaign, "reason": reason}
            messages.broadcast(session, "sig_campaign_cancelled", payload, self.stage.moment, campaign)
        self.stage.work()

    def live_until(self, day: str) -> None:
        """Move the clock, with the background work done every evening in between."""
        until = datetime.fromisoformat(day).replace(tzinfo=CALENDAR.zone)
        while (evening := self.stage.moment.calendar_days(1)) < until:
            self.stage.now = evening
            self.stage.work()
        self.go_to(day)

    def told(self, name: str, **where: Any) -> Mapping[str, Any]:
        """The payload of the one message of that name (with these values)."""
        found = [one.payload for one in self.sent(name) if where.items() <= one.payload.items()]
        (payload,) = found
        return payload

    def sent(self, name: str) -> list[Message]:
        return self.rows(Message, Message.name == name)

    def ended(self, case: str) -> tuple[str, str | None]:
        instance = self.instance(case)
        return instance.status, instance.ended_element

    def incidents(self) -> list[str]:
        return [f"{one.element} {one.code} {one.params}" for one in self.rows(Incident)]
