package io.syncline.simulation;

import io.syncline.config.EntityConfig;

/** What everybody is busy with: a record that somebody has touched on one side is likely to be touched next, on either. */
final class Topic {
    private static final int JOINING = 35;

    private final Setting setting;
    private final Dice dice;
    private EntityConfig entity;
    private String key;

    Topic(Setting setting, Dice dice) {
        this.setting = setting;
        this.dice = dice;
    }

    /** Where nobody writes but the source itself, there is none. */
    boolean isTakenUp() {
        return setting.isTwoWay() && entity != null && dice.percent(JOINING);
    }

    void is(EntityConfig entity, String key) {
        this.entity = entity;
        this.key = key;
    }

    EntityConfig entity() {
        return entity;
    }

    String key() {
        return key;
    }
}
