# syntax=docker/dockerfile:1

# 1. Build. Tests are not run here: they need the whole checkout, and CI has run them.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml ./
RUN --mount=type=cache,target=/root/.m2 mvn -B -q dependency:go-offline
COPY src ./src
COPY config/schema ./config/schema
RUN --mount=type=cache,target=/root/.m2 mvn -B -q -Dmaven.test.skip=true package \
    && java -Djarmode=tools -jar target/syncline.jar extract --layers --destination layers

# 2. Run. Libraries change seldom and stand in a layer of their own.
FROM eclipse-temurin:17-jre
RUN groupadd --system --gid 10001 syncline \
    && useradd --system --uid 10001 --gid syncline --home-dir /opt/syncline --shell /usr/sbin/nologin syncline \
    && install -d -o syncline -g syncline /opt/syncline /opt/syncline/data
WORKDIR /opt/syncline
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY LICENSE ./
COPY routes ./routes
COPY config ./config
COPY demo ./demo

USER 10001:10001
# Inside a container the outside decides who reaches the port; docker-compose.yml binds it to 127.0.0.1.
# What is compiled fully is what is really hot, as in bin/syncline.
ENV SERVER_ADDRESS=0.0.0.0 \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 \
-XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000"
EXPOSE 8080
# Only needed without a PostgreSQL of one's own.
VOLUME /opt/syncline/data
# Ready is 200; anything else, or no answer, is not.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 \
        && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && ((status == 200))"]
ENTRYPOINT ["java", "-jar", "syncline.jar"]
