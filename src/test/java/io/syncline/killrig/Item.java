package io.syncline.killrig;

/** A record of the shop. */
record Item(int id, String name, long price, int edition, int group, String modified) {
    String json() {
        return "{\"id\":" + id + ",\"name\":\"" + name + "\",\"price\":" + price + ",\"edition\":" + edition + ",\"group_id\":" + group
                + ",\"modified\":\"" + modified + "\"}";
    }
}
