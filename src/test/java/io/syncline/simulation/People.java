package io.syncline.simulation;

import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;

/** People with an SQL tool: they edit, delete, bring back and make rows whenever they like. */
final class People {
    private final Story story;
    private final Dice dice;
    private int written;

    People(Story story) {
        this.story = story;
        this.dice = story.dice;
    }

    String act() {
        EntityConfig entity = dice.one(story.setting.sync().entities());
        String key = entity.name().substring(0, 1) + dice.below(entity.name().equals("items") ? 6 : 3);
        Stored stored = story.stored(entity, key);
        if (stored == null || dice.percent(4)) {
            String name = "ours." + ++written;
            story.hub.insert(entity, name);
            return "somebody makes a row " + name + " of " + entity.name();
        }
        int what = dice.below(100);
        if (what < 12) {
            String text = "note." + ++written;
            story.hub.note(entity, key, text);
            story.oracle.noted(entity.name(), key, text);
            return "somebody notes " + text + " on " + key;
        }
        if (what < 32) {
            story.hub.delete(entity, key, !stored.deleted());
            story.oracle.deleted(entity.name(), key, !stored.deleted());
            return "somebody " + (stored.deleted() ? "brings back " : "deletes ") + key;
        }
        String field = dice.one("name", "size");
        Version version = story.world.visible(entity.name(), key);
        boolean copies = what < 55 && version != null && version.shown() != null && version.shown().document() != null;
        String value = copies ? (String) version.shown().values()[entity.shape().position(field)] : "ours." + ++written;
        story.hub.edit(entity, key, field, value);
        story.oracle.edited(entity.name(), key, field, value, !copies);
        return "somebody writes " + field + " " + value + " on " + key;
    }
}
