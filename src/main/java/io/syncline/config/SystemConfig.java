package io.syncline.config;

/**
 * A system we talk to: {@code config/systems/<name>.yaml}. Texts may hold placeholders like {@code ${CRM_TOKEN}}; a {@link Connection} fills them.
 *
 * @param readOnly nothing may ever be changed there (promise 21)
 * @param webhook  how it tells that a record changed, or null
 */
public record SystemConfig(String name, String title, String description, SourceConfig source, boolean readOnly, WebhookConfig webhook) {
    /** It tells nothing by itself. */
    public SystemConfig(String name, String title, String description, SourceConfig source, boolean readOnly) {
        this(name, title, description, source, readOnly, null);
    }

    /** An OData service is read-only, others are not. */
    public SystemConfig(String name, String title, String description, SourceConfig source) {
        this(name, title, description, source, source instanceof SourceConfig.OData);
    }
}
