package dev.perennial.exchanger;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * Reads the heads of one connection's answers, and of interim ones (RFC 9110 section 15.2) only a
 * few in a row: a server may send them without end, and nothing else counts them. One thread at a
 * time.
 */
final class InterimLimit implements HttpMessageParser<ClassicHttpResponse> {
  /** 100 Continue, 102 Processing while it works, a few 103 Early Hints. */
  private static final int MOST = 20;

  private final HttpMessageParser<ClassicHttpResponse> heads;
  private int interim;

  private InterimLimit(HttpMessageParser<ClassicHttpResponse> heads) {
    this.heads = heads;
  }

  static HttpMessageParserFactory<ClassicHttpResponse> factory(Http1Config limits) {
    var heads = new DefaultHttpResponseParserFactory(limits);
    return _ -> new InterimLimit(heads.create());
  }

  @Override
  public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in)
      throws IOException, HttpException {
    ClassicHttpResponse head = heads.parse(buffer, in);
    interim = head != null && head.getCode() < 200 ? interim + 1 : 0;
    if (interim > MOST) {
      throw new MessageConstraintException("too many interim answers");
    }
    return head;
  }
}
