package viewer

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Loopback says whether only programs of this machine can reach an address to listen at.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	return loopback(host)
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// Serve answers at a listener until the context ends, and then lets those be answered who have asked. Hosts are
// the names by which it may be called from elsewhere, beside numbers; without any, it is called by names of
// this machine only.
func Serve(ctx context.Context, l net.Listener, handler http.Handler, hosts []string, faults *log.Logger) error {
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           guard(handler, port, hosts),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          faults,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err = server.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}

// policy is what a page of the viewer may do: show its own style and pictures.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard lets only those requests through that a reader at this machine makes, or that come by one of the
// names. A page of a stranger can make a browser ask here by a name of its own (DNS rebinding), but not by ours.
func guard(next http.Handler, port string, names []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Embedder-Policy", "require-corp")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		switch {
		case !called(r.Host, port, names):
			http.Error(w, fmt.Sprintf("This viewer does not go by the name %q.", r.Host), http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "This viewer answers GET and HEAD.", http.StatusMethodNotAllowed)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// called says whether a Host header is one by which a reader calls this viewer.
func called(hostport, port string, names []string) bool {
	host, given, err := net.SplitHostPort(hostport)
	if err != nil {
		host, given = strings.Trim(hostport, "[]"), "80"
	}
	if given != port {
		return false
	}
	host = strings.ToLower(host)
	if loopback(host) {
		return true
	}
	if len(names) == 0 {
		return false
	}
	_, err = netip.ParseAddr(host) // nobody can point a number elsewhere
	for _, name := range names {
		if strings.EqualFold(name, host) {
			return true
		}
	}
	return err == nil
}
