package io.syncline.simulation;

import io.syncline.config.EntityConfig;
import io.syncline.source.WriteOrder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** People with an SQL tool: they edit, delete, bring back and make rows whenever they like. */
final class People {
    private final Story story;
    private final Dice dice;
    private final Map<String, List<String>> made = new HashMap<>();
    private int written;

    People(Story story) {
        this.story = story;
        this.dice = story.dice;
    }

    String act() {
        boolean joins = story.topic.isTakenUp();
        EntityConfig entity = joins ? story.topic.entity() : dice.one(story.setting.sync().entities());
        String key = joins ? story.topic.key() : entity.name().substring(0, 1) + dice.below(entity.name().equals("items") ? 6 : 3);
        boolean twoWay = story.setting.isTwoWay();
        List<String> own = made.getOrDefault(entity.name(), List.of());
        if (!joins && twoWay && !own.isEmpty() && dice.percent(30)) {
            key = dice.one(own);
        } else if (story.stored(entity, key) == null || dice.percent(4)) {
            String name = "ours." + ++written;
            story.hub.insert(entity, name);
            made.computeIfAbsent(entity.name(), none -> new ArrayList<>()).add("=" + name);
            return "somebody makes a row " + name + " of " + entity.name();
        }
        if (story.stored(entity, key) != null) {
            story.topic.is(entity, key);
        }
        boolean deleted = story.hub.isDeleted(entity, key);
        int what = dice.below(100);
        if (what < 12) {
            String text = "note." + ++written;
            story.hub.note(entity, key, text);
            story.oracle.noted(entity.name(), key, text);
            return "somebody notes " + text + " on " + key;
        }
        if (what < 32) {
            story.hub.delete(entity, key, !deleted);
            story.oracle.deleted(entity.name(), key, !deleted);
            return "somebody " + (deleted ? "brings back " : "deletes ") + key;
        }
        String field = dice.one("name", "size");
        Version version = story.world.visible(entity.name(), key);
        boolean copies = what < 55 && version != null && version.shown() != null && version.shown().document() != null;
        String value = copies ? (String) entity.shape().values(version.shown().document())[entity.shape().position(field)]
                : "ours." + ++written + (twoWay && dice.percent(3) ? "!" : "");
        story.hub.edit(entity, key, field, value);
        story.oracle.edited(entity.name(), key, field, value, !copies);
        return "somebody writes " + field + " " + value + " on " + key;
    }

    String write(EntityConfig entity, String key) {
        String field = dice.one("name", "size");
        String value = "ours." + ++written;
        story.hub.edit(entity, key, field, value);
        story.oracle.edited(entity.name(), key, field, value, true);
        return "somebody writes " + field + " " + value + " on " + key;
    }

    /** Somebody looks at the source, and says what became of what nobody could tell of. */
    void settle() {
        for (Hub.Unknown unknown : story.hub.unknown()) {
            Version done = story.door.journal(unknown.id());
            String key = unknown.key() == null && done != null ? done.key() : unknown.key();
            Version there = key == null ? null : story.world.visible(unknown.entity().name(), key);
            boolean shown = there != null && there.isThere();
            if (shown && (!there.isReadable() || !there.shown().isFit())) {
                continue;
            }
            boolean deletes = unknown.action() == WriteOrder.Action.DELETE;
            boolean arrived = done != null && shown != deletes;
            story.trace.line(() -> "somebody says that " + unknown.action() + " of " + key + (arrived ? " arrived" : " did not arrive"));
            if (!arrived) {
                story.oracle.givenUp(unknown.id());
            }
            story.hub.settle(unknown.id(), arrived, arrived && there != null ? there.shown() : null);
        }
    }

    /** What the source refused is written so that it takes it. */
    void amend() {
        for (Hub.Entry refused : story.hub.waitingForPeople()) {
            EntityConfig entity = refused.entity();
            for (String field : List.of("name", "size")) {
                Object value = entity.shape().values(refused.document())[entity.shape().position(field)];
                if (value instanceof String text && text.endsWith("!")) {
                    String better = "ours." + ++written;
                    story.hub.edit(entity, refused.who(), field, better);
                    story.oracle.edited(entity.name(), refused.who(), field, better, true);
                }
            }
        }
    }
}
