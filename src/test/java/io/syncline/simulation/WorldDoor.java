package io.syncline.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.config.EntityConfig;
import io.syncline.record.Field;
import io.syncline.record.Observed;
import io.syncline.source.SimulatedWriting.Lost;
import io.syncline.source.SimulatedWriting.Reply;
import io.syncline.source.SimulatedWriting.Request;
import io.syncline.source.SimulatedWriting.Server;
import io.syncline.source.WriteOrder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The source's door for what is written, which opens badly at times. What takes effect behind it stands in its journal, whoever hears of it. */
final class WorldDoor implements Server {
    /** What the source appends to what people wrote, where it has its own way of saying things. */
    static final String NORMALISED = "~";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Story story;
    private final World world;
    private final Setting setting;
    private final Map<String, Reply> known = new HashMap<>();
    private final Map<Long, Version> journal = new HashMap<>();
    private final List<Late> late = new ArrayList<>();
    private WriteOrder order;
    private boolean heard;

    /** A request whose sender has given up waiting, and which arrives all the same. @param upon what was there when it left */
    private record Late(Request request, EntityConfig entity, String key, WriteOrder order, Version upon, long at) {
    }

    WorldDoor(Story story) {
        this.story = story;
        this.world = story.world;
        this.setting = story.setting;
    }

    /** What the next requests are for, so that the journal can tell. */
    void expect(WriteOrder order) {
        this.order = order;
        this.heard = false;
    }

    /** An answer has come that said it was done. */
    boolean isHeard() {
        return heard;
    }

    /** What an entry has done there; null where it did nothing. */
    Version journal(UUID entry) {
        return journal.get(entry.getLeastSignificantBits());
    }

    @Override
    public Reply answer(Request request) throws Lost {
        String[] path = request.path().substring(1).split("/");
        EntityConfig entity = setting.sync().entity(path[0]);
        String key = path.length > 1 ? path[1] : null;
        boolean reads = request.method().equals("GET");
        if (isBad(5)) {
            fail(request, entity, key, reads);
        }
        if (reads) {
            return key == null ? list(entity, request.query()) : one(entity, key);
        }
        if (setting.writes().checks() && isBad(20)) {
            String meanwhile = world.change();
            story.trace.line(() -> "    meanwhile " + meanwhile);
        }
        Reply reply = effect(request, entity, key, null);
        story.trace.line(() -> "    " + request.method() + " " + request.path() + " " + request.body() + " answers " + reply.status() + " " + reply.body());
        if (isBad(10)) {
            story.trace.line(() -> "    which nobody hears");
            throw new Lost(true);
        }
        if (reply.status() < 300 && isBad(5)) {
            return problem(500, "went wrong");
        }
        if (reply.status() < 300) {
            heard = true;
        }
        return reply;
    }

    private boolean isBad(int chance) {
        return story.isFaulty() && story.dice.percent(chance);
    }

    /** Before anything is done. */
    private void fail(Request request, EntityConfig entity, String key, boolean reads) throws Lost {
        boolean left = reads || story.dice.percent(50);
        boolean arrives = !reads && left && story.dice.percent(50);
        if (arrives) {
            Version upon = key == null ? null : world.visible(entity.name(), key);
            late.add(new Late(request, entity, key, order, upon, story.clock.second() + story.dice.below(Setting.Writes.ARRIVES_WITHIN)));
        }
        story.trace.line(() -> "    a request is " + (arrives ? "late" : "lost"));
        throw new Lost(left);
    }

    /** What was on its way is there, whoever still waits for it. */
    void arrive() {
        for (Late each : List.copyOf(late)) {
            if (each.at <= story.clock.second()) {
                late.remove(each);
                order = each.order;
                Reply reply = effect(each.request, each.entity, each.key, each.upon);
                story.trace.line(() -> "    late " + each.request.method() + " " + each.request.path() + " " + each.request.body() + " answers "
                        + reply.status());
            }
        }
    }

    private static Reply problem(int status, String title) {
        return new Reply(status, Map.of(), "{\"title\":\"" + title + "\"}");
    }

    private Reply one(EntityConfig entity, String key) {
        if (isBad(4)) {
            return problem(503, "busy");
        }
        Version version = world.visible(entity.name(), key);
        return version == null || version.shown() == null ? problem(404, "none") : record(200, entity, version);
    }

    private Reply list(EntityConfig entity, String query) {
        if (isBad(4)) {
            return problem(503, "busy");
        }
        Map<String, String> asked = new HashMap<>();
        for (String parameter : query.split("&")) {
            asked.put(parameter.substring(0, parameter.indexOf('=')), parameter.substring(parameter.indexOf('=') + 1));
        }
        List<Version> all = world.list(entity.name(), asked.containsKey("since") ? Instant.parse(asked.get("since")) : null);
        int size = setting.paging().size();
        String at = asked.get("at");
        int from = 0;
        if (setting.drifts()) {
            from = at == null ? 0 : (Integer.parseInt(at) - 1) * size;
        } else {
            while (at != null && from < all.size() && all.get(from).key().compareTo(at) <= 0) {
                from++;
            }
        }
        int to = Math.min(all.size(), from + size);
        StringBuilder page = new StringBuilder("{\"data\":[");
        for (int i = Math.min(from, to); i < to; i++) {
            page.append(i == from ? "" : ",").append(json(entity, all.get(i)));
        }
        page.append(']');
        if (setting.totals()) {
            page.append(",\"total\":").append(all.size());
        }
        if (!setting.drifts() && to < all.size()) {
            page.append(",\"next\":\"").append(all.get(to - 1).key()).append('"');
        }
        return new Reply(200, Map.of("content-type", List.of("application/json")), page.append('}').toString());
    }

    private Reply record(int status, EntityConfig entity, Version version) {
        return new Reply(status, Map.of("content-type", List.of("application/json")), json(entity, version));
    }

    private static String json(EntityConfig entity, Version version) {
        Observed shown = version.shown();
        StringBuilder json = new StringBuilder("{\"stamp\":").append(version.number());
        if (shown.key() != null) {
            json.append(",\"id\":\"").append(shown.key()).append('"');
        }
        if (shown.version() != null) {
            json.append(",\"version\":").append(shown.version());
        }
        if (shown.modifiedAt() != null) {
            json.append(",\"modified\":\"").append(shown.modifiedAt()).append('"');
        }
        if (shown.deleted()) {
            json.append(",\"deleted\":true");
        } else if (shown.document() == null) {
            json.append(",\"size\":{}");
        }
        Object[] values = shown.document() == null ? null : entity.shape().values(shown.document());
        for (Field field : values == null ? List.<Field>of() : entity.shape().fields()) {
            Object value = values[entity.shape().position(field.name())];
            json.append(",\"").append(field.name()).append("\":").append(value instanceof String text ? '"' + text + '"' : "null");
        }
        return json.append('}').toString();
    }

    /** @param upon what was there when it left, where that was a while ago */
    private Reply effect(Request request, EntityConfig entity, String key, Version upon) {
        String id = request.headers().get("Idempotency-Key");
        if (setting.writes().honoured() && known.containsKey(id)) {
            return known.get(id);
        }
        if (isBad(3)) {
            return new Reply(429, Map.of("retry-after", List.of("2")), "{}");
        }
        if (isBad(2)) {
            return problem(401, "nobody is let in");
        }
        if (isBad(3) || key != null && world.isLocked(entity.name(), key)) {
            return problem(503, "busy");
        }
        Version latest = key == null ? null : world.visible(entity.name(), key);
        if (key != null && (latest == null || latest.shown() == null)) {
            return problem(404, "none");
        }
        String seen = request.headers().get("If-Match");
        if (key != null && seen != null && !seen.equals(Integer.toString(latest.number()))) {
            return problem(412, "it has moved");
        }
        Object[] values = request.method().equals("DELETE") ? null : said(request, entity, key);
        for (Object value : values == null ? new Object[0] : values) {
            if (value instanceof String text && text.endsWith("!")) {
                return problem(400, "no exclamations");
            }
        }
        Version made = world.write(entity.name(), key, values);
        journal.put(order.id().getLeastSignificantBits(), made);
        // What somebody writes there while a request is on its way, no look before it left could have shown.
        story.oracle.wrote(order, made, upon == null ? latest : upon);
        Reply reply = request.method().equals("DELETE") ? new Reply(204, "") : setting.writes().answers() ? record(200, entity, made)
                : new Reply(200, Map.of("content-type", List.of("application/json")), "{\"id\":\"" + made.key() + "\"}");
        known.put(id, reply);
        return reply;
    }

    /** What the record says with what is written over it, in the source's own way. */
    private Object[] said(Request request, EntityConfig entity, String key) {
        Object[] values = new Object[entity.shape().fields().size()];
        List<Version> versions = key == null ? List.of() : world.versions(entity.name(), key);
        for (Version version : versions) {
            values = version.shown() != null && version.shown().document() != null ? entity.shape().values(version.shown().document()) : values;
        }
        JsonNode body = body(request);
        for (Field field : entity.shape().fields()) {
            JsonNode told = body.get(field.name());
            if (told != null) {
                String text = told.isNull() ? null : told.asText();
                boolean own = text != null && text.startsWith("ours.") && !text.endsWith(NORMALISED) && !text.endsWith("!");
                values[entity.shape().position(field.name())] = own && setting.writes().normalises() && !field.name().equals("name") ? text + NORMALISED : text;
            }
        }
        return values;
    }

    private static JsonNode body(Request request) {
        try {
            return JSON.readTree(request.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
