package dev.perennial.app.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.event.JsonObjects;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One JSON object for each line, flat, with the keys of {@link LogKey} alone: what the logging
 * context and a line's own pairs have under another name is left out. Thread-safe.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Of a stack; a line must not fill a disk. */
  private static final int LONGEST_ERROR = 16_384;

  private final ThrowableProxyConverter stacks = new ThrowableProxyConverter();

  @Override
  public void start() {
    stacks.setContext(getContext());
    stacks.start();
    super.start();
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    byte[] object = JsonObjects.write(members(event));
    byte[] line = Arrays.copyOf(object, object.length + 1);
    line[object.length] = '\n';
    return line;
  }

  private Map<String, @Nullable Object> members(ILoggingEvent event) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put(LogKey.TIME.text(), TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
    members.put(LogKey.LEVEL.text(), event.getLevel().toString());
    members.put(LogKey.LOGGER.text(), event.getLoggerName());
    members.put(LogKey.THREAD.text(), event.getThreadName());
    members.put(LogKey.MESSAGE.text(), event.getFormattedMessage());
    event.getMDCPropertyMap().forEach((name, value) -> add(members, name, value));
    about(event.getArgumentArray())
        .ifPresent(key -> {
          members.put(LogKey.INTEGRATION.text(), key.integration());
          members.put(LogKey.CONNECTION.text(), key.connection());
        });
    List<KeyValuePair> own = event.getKeyValuePairs();
    if (own != null) { // the line knows better than its surroundings
      own.forEach(pair -> add(members, pair.key, pair.value));
    }
    if (event.getThrowableProxy() != null) {
      members.put(LogKey.ERROR.text(), cut(stacks.convert(event)));
    }
    return members;
  }

  /** Whom a line names is whom it is about; the first one where it names several. */
  private static Optional<ConnectionKey> about(@Nullable Object @Nullable [] arguments) {
    if (arguments != null) {
      for (Object argument : arguments) {
        if (argument instanceof ConnectionKey key) {
          return Optional.of(key);
        }
      }
    }
    return Optional.empty();
  }

  private static void add(
      Map<String, @Nullable Object> members, String name, @Nullable Object value) {
    if (LogKey.isKnown(name)) {
      members.put(name, value instanceof Number ? value : String.valueOf(value));
    }
  }

  private static String cut(String stack) {
    return stack.length() > LONGEST_ERROR ? stack.substring(0, LONGEST_ERROR) + "…" : stack;
  }
}
