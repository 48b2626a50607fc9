package io.syncline.api;

import io.syncline.activity.Activity;
import io.syncline.schedule.Timetable;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The doors to schedules. Promise 29: another organisation's schedule is answered like one that does not exist. */
final class ScheduleDoor {
    private final Timetable timetable;
    private final Activity activity;

    ScheduleDoor(Timetable timetable, Activity activity) {
        this.timetable = timetable;
        this.activity = activity;
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        return Answer.of(200, Map.of(), page(call, timetable.of(call.caller().organisation()), Timetable.Entry::name, ScheduleDoor::document));
    }

    public Answer pause(@Variable(Call.NAME) Call call) {
        JsonBody.read(call.body(), "{}").refuseMistakes(name -> JsonBody.shown(name) + " is not known here. Send no body.");
        return answer(timetable.pause(call.caller().organisation(), call.parameter("name"), call.caller().name()));
    }

    public Answer resume(@Variable(Call.NAME) Call call) {
        JsonBody.read(call.body(), "{}").refuseMistakes(name -> JsonBody.shown(name) + " is not known here. Send no body.");
        return answer(activity.by(call.caller().name(), () -> timetable.resume(call.caller().organisation(), call.parameter("name"))));
    }

    private static Answer answer(Optional<Timetable.Entry> schedule) {
        return Answer.of(200, Map.of(), document(schedule.orElseThrow(() -> new Refused(HttpStatus.NOT_FOUND, "unknown-schedule",
                "There is no such schedule. GET /api/v1/schedules lists those there are; a schedule is a cron line in a file under config/syncs."))));
    }

    /** A page of a list that is at hand as a whole, in the order of names. */
    static <T> Map<String, Object> page(Call call, List<T> all, Function<T, String> name, Function<T, Map<String, Object>> document) {
        Parameters parameters = new Parameters(call);
        int limit = parameters.limit();
        parameters.refuseMistakes();
        String after = Cursor.read(call, 1).map(place -> place.get(0)).orElse("");
        List<T> rest = all.stream().filter(each -> name.apply(each).compareTo(after) > 0).toList();
        List<T> shown = rest.subList(0, Math.min(limit, rest.size()));
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("items", shown.stream().map(document).toList());
        page.put("next", rest.size() > limit ? Cursor.of(name.apply(shown.get(limit - 1))) : null);
        return page;
    }

    static Map<String, Object> document(Timetable.Entry schedule) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", schedule.name());
        document.put("sync", schedule.sync());
        document.put("mode", schedule.mode());
        document.put("cron", schedule.cron());
        document.put("zone", schedule.zone());
        document.put("jitterSeconds", seconds(schedule.jitter()));
        document.put("misfire", schedule.catchUp() ? "once" : "skip");
        document.put("next", text(schedule.next()));
        document.put("owedSince", text(schedule.owedSince()));
        document.put("lastRun", schedule.lastRun());
        document.put("paused", schedule.isPaused());
        document.put("pausedAt", text(schedule.pausedAt()));
        document.put("pausedBy", schedule.pausedBy());
        return document;
    }

    static Object seconds(Duration length) {
        return length.toMillis() % 1000 == 0 ? (Object) length.toSeconds() : (Object) (length.toMillis() / 1000.0);
    }

    static String text(Instant moment) {
        return moment == null ? null : moment.toString();
    }
}
