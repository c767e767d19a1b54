package dev.perennial.exchanger;

import dev.perennial.exchanger.Exchange.Extent;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.DataFormatException;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, read up to a limit and decompressed up to the same limit. We do not ask
 * for compression, but some servers compress unasked; where that fails the bytes are kept as they
 * came, since they may be the only copy of a refresh token.
 *
 * @param bytes at most as many as the limit
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record AnswerBytes(byte[] bytes, Extent extent) {

  static AnswerBytes read(@Nullable HttpEntity entity, int most) throws IOException {
    if (entity == null) {
      return new AnswerBytes(new byte[0], Extent.WHOLE);
    }
    // Not closed here: closing it would drain the rest. The caller closes the connection.
    InputStream content = entity.getContent();
    byte[] raw = content.readNBytes(most + 1);
    if (raw.length > most) {
      return new AnswerBytes(Arrays.copyOf(raw, most), Extent.OVERSIZE);
    }
    return decode(raw, entity.getContentEncoding(), most);
  }

  static AnswerBytes decode(byte[] raw, @Nullable String coding, int most) {
    return switch (coding == null ? "" : coding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> new AnswerBytes(raw, Extent.WHOLE);
      case "gzip", "x-gzip" -> gunzip(raw, most);
      default -> new AnswerBytes(raw, Extent.UNDECODABLE);
    };
  }

  private static AnswerBytes gunzip(byte[] raw, int most) {
    if (raw.length == 0) {
      return new AnswerBytes(raw, Extent.WHOLE);
    }
    try {
      byte[] bytes = Gzip.decode(raw, most + 1);
      return bytes.length > most
          ? new AnswerBytes(raw, Extent.OVERSIZE)
          : new AnswerBytes(bytes, Extent.WHOLE);
    } catch (DataFormatException e) {
      return new AnswerBytes(raw, Extent.UNDECODABLE);
    }
  }

  boolean whole() {
    return extent == Extent.WHOLE;
  }

  @Override
  public String toString() {
    return bytes.length + " bytes, " + extent;
  }
}
