package io.asyncbatcher.sample;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Rejects what pages of other sites make a browser send, and lets none of them show ours inside of theirs. The sample asks nobody for a password, and a browser on this
 * machine reaches it whoever's page it shows: a POST without a body, as pauses a batcher, needs no permission of CORS.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class CrossSiteRequestFilter extends OncePerRequestFilter {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    /** What a browser says of a page of ours, and of somebody who typed the address. */
    private static final Set<String> OWN = Set.of("same-origin", "none");

    /** A page of ours has everything from here. */
    private static final String POLICY = "default-src 'self'; frame-ancestors 'none'";

    private final HandlerExceptionResolver problems;

    CrossSiteRequestFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        if (isForeignName(request)) {
            reject(request, response, "This is not a name of this machine's own address. Use localhost.");
        } else if (!READING.contains(request.getMethod()) && isCrossSite(request)) {
            reject(request, response, "Pages of other sites may not change anything here.");
        } else if (isCrossSite(request) && !isNavigation(request)) {
            reject(request, response, "Pages of other sites may not ask for anything here, but link to it.");
        } else {
            chain.doFilter(request, response);
        }
    }

    /** A name of somebody else's that was made to lead here (DNS rebinding): to the browser its page is one of ours. */
    private static boolean isForeignName(HttpServletRequest request) throws IOException {
        return InetAddress.getByName(request.getLocalAddr()).isLoopbackAddress()
                && !LOOPBACK.contains(request.getServerName());
    }

    private static boolean isCrossSite(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return (site != null && !OWN.contains(site)) || CorsUtils.isCorsRequest(request);
    }

    /** Somebody follows a link. Else a page asks in the background for what it may not read, but which costs us a place. */
    private static boolean isNavigation(HttpServletRequest request) {
        return "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
    }

    private void reject(HttpServletRequest request, HttpServletResponse response, String why) {
        problems.resolveException(
                request,
                response,
                null,
                new ErrorResponseException(
                        HttpStatus.FORBIDDEN, ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, why), null));
    }
}
