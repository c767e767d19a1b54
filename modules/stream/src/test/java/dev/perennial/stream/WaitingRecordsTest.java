package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

@Isolated("listens to the log")
class WaitingRecordsTest {
  private final Logger log = (Logger) LoggerFactory.getLogger(WaitingRecords.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final WaitingRecords waiting = new WaitingRecords(now::get);

  @BeforeEach
  void listen() {
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void deafen() {
    log.detachAppender(lines);
  }

  @Test
  void anOutageIsTwoLinesHoweverManyRecordsWait() {
    for (int i = 0; i < 100; i++) {
      waiting.enter("t-0@" + i, "Redis at here:1 is away");
    }
    for (int i = 0; i < 100; i++) {
      waiting.leave();
    }
    assertThat(texts())
        .containsExactly(
            "t-0@0 and perhaps others wait and are tried again: Redis at here:1 is away",
            "no record waits any more");
  }

  @Test
  void recordsThatComeAndGoAreSaidOnceInHalfAMinute() {
    for (int i = 0; i < 60; i++) {
      waiting.enter("t-0@" + i, "away");
      waiting.leave();
      now.addAndGet(Duration.ofSeconds(1).toNanos());
    }
    assertThat(texts().stream().filter(text -> text.contains("away"))).hasSize(2);
    assertThat(waiting.count()).isZero();
  }

  private List<String> texts() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
