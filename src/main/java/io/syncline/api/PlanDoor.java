package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.preview.Plan;
import io.syncline.preview.Plans;
import io.syncline.run.RunRequest;
import io.syncline.store.PlanRows;
import io.syncline.store.Selection;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The doors to kept plans: what they hold, applying them, giving them up. Promise 29: another organisation's plan is answered like one that does not exist. */
final class PlanDoor {
    private final Plans plans;

    PlanDoor(Plans plans) {
        this.plans = plans;
    }

    private static String address(long plan) {
        return "/api/v1/plans/" + plan;
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        String sync = asked.text("sync");
        asked.refuseMistakes();
        List<Plan> found = plans.list(call.caller().organisation(), sync, Cursor.number(call).orElse(null), limit + 1);
        boolean more = found.size() > limit;
        List<Plan> shown = more ? found.subList(0, limit) : found;
        return list(shown.stream().map(PlanDoor::told).toList(), more ? Cursor.of(shown.get(limit - 1).id()) : null);
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        return id(call).flatMap(id -> plans.find(call.caller().organisation(), id)).map(plan -> Answer.of(200, Map.of(), told(plan)))
                .orElseThrow(PlanDoor::noSuchPlan);
    }

    public Answer rows(@Variable(Call.NAME) Call call) {
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        String entity = asked.text("entity");
        String outcome = asked.oneOf("outcome", Plans.outcomes());
        String key = asked.text("key");
        Boolean moved = asked.truth("moved");
        asked.refuseMistakes();
        Plans.Filter filter = new Plans.Filter(entity == null ? null : List.of(entity), outcome == null ? null : List.of(outcome), key, moved);
        Plans.Page page = id(call).flatMap(id -> plans.rows(call.caller().organisation(), id, filter, position(call), limit)).orElseThrow(PlanDoor::noSuchPlan);
        Plans.Position next = page.next();
        return list(page.rows(), next == null ? null : next.place() == null ? Cursor.of(next.entity(), "", "")
                : Cursor.of(next.entity(), next.place().page(), next.place().tid()));
    }

    private static Plans.Position position(Call call) {
        List<String> place = Cursor.read(call, 3).orElse(null);
        if (place == null) {
            return null;
        }
        if (place.get(1).isEmpty()) {
            return new Plans.Position(place.get(0), null);
        }
        if (!place.get(1).matches("[0-9]{1,9}") || !place.get(2).matches("\\([0-9]{1,9},[0-9]{1,5}\\)")) {
            throw Cursor.unknown();
        }
        return new Plans.Position(place.get(0), new PlanRows.Place(Integer.parseInt(place.get(1)), place.get(2)));
    }

    /** Promise 16: the run that this asks for applies what was shown, or sets it aside. */
    public RunRequest apply(@Variable(Call.NAME) Call call) {
        Selection selection = SelectionBody.read(call.body());
        Caller caller = call.caller();
        return id(call).flatMap(id -> plans.application(caller.organisation(), id, selection, "api", caller.name())).orElseThrow(PlanDoor::noSuchPlan);
    }

    public Answer drop(@Variable(Call.NAME) Call call) {
        id(call).filter(id -> plans.drop(call.caller().organisation(), id, call.caller().name())).orElseThrow(PlanDoor::noSuchPlan);
        return Answer.nothing();
    }

    private static Optional<Long> id(Call call) {
        return RunNumber.of(call.parameter("id"));
    }

    private static Answer list(List<?> items, String next) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", items);
        answer.put("next", next);
        return Answer.of(200, Map.of(), answer);
    }

    private static Map<String, Object> told(Plan plan) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", plan.id());
        told.put("sync", plan.sync());
        told.put("mode", plan.mode());
        told.put("entity", plan.entity());
        told.put("requestedBy", plan.requestedBy());
        told.put("state", plan.voidWhy() == null ? "kept" : "void");
        told.put("voidWhy", plan.voidWhy());
        told.put("begunAt", plan.begunAt().toString());
        told.put("madeAt", plan.madeAt().toString());
        told.put("ageSeconds", plan.ageSeconds());
        told.put("expiresAt", plan.expiresAt().toString());
        told.put("replacedBy", plan.replacedBy());
        told.put("entities", plan.entities().entrySet().stream().map(entity -> {
            Map<String, Object> counted = new LinkedHashMap<>();
            counted.put("entity", entity.getKey());
            counted.put("rows", entity.getValue().values().stream().mapToLong(Long::longValue).sum());
            counted.put("counts", entity.getValue());
            return counted;
        }).toList());
        told.put("leftOut", plan.leftOut());
        told.put("applied", plan.applied().stream().map(run -> {
            Map<String, Object> applied = new LinkedHashMap<>();
            applied.put("run", run.run());
            applied.put("state", run.state());
            applied.put("selection", run.selection());
            applied.put("href", RunDoor.address(run.run()));
            return applied;
        }).toList());
        told.put("links", Map.of("run", RunDoor.address(plan.id()), "rows", address(plan.id()) + "/rows", "apply", address(plan.id()) + "/apply"));
        return told;
    }

    private static Refused noSuchPlan() {
        return new Refused(HttpStatus.NOT_FOUND, "no-such-plan", "There is no such plan. A plan has the number of the dry run that made it;"
                + " GET /api/v1/plans lists those that are kept.");
    }
}
