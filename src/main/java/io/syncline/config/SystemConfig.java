package io.syncline.config;

/**
 * A system we talk to: {@code config/systems/<name>.yaml}. Texts may hold placeholders like {@code ${CRM_TOKEN}}; a {@link Connection} fills them.
 */
public record SystemConfig(String name, String title, String description, SourceConfig source) {
}
