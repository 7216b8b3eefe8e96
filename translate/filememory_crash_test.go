package translate

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// The test program itself is the process that is killed: with this variable
// set it stores records in a file, from a number on, and says so after each.
const storeInChild = "TRANSLATE_TEST_STORE_IN"

func TestMain(m *testing.M) {
	if path := os.Getenv(storeInChild); path != "" {
		if err := storeForEver(path, os.Getenv(storeInChild+"_FROM"), os.Getenv(storeInChild+"_COUNT")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func storeForEver(path, from, count string) error {
	first, err := strconv.Atoi(from)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	m, err := OpenFileMemory(path)
	if err != nil {
		return err
	}
	for i := first; i < first+n; i++ {
		if err := m.Store(context.Background(), numbered(i, i)); err != nil {
			return err
		}
		fmt.Println(i)
	}
	return m.Close()
}

func storing(t *testing.T, path string, from, count int) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), storeInChild+"="+path, fmt.Sprintf("%s_FROM=%d", storeInChild, from), fmt.Sprintf("%s_COUNT=%d", storeInChild, count))
	cmd.Stderr = os.Stderr
	return cmd
}

func TestAKilledProcessLosesNothingThatItStored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory")
	from := 1
	for round := range 5 {
		cmd := storing(t, path, from, 1<<30)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		acknowledged := from - 1
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if acknowledged, err = strconv.Atoi(lines.Text()); err != nil {
				t.Fatal(err)
			}
			if acknowledged == from+20*(round+1) {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the process ended by itself")
		}
		if n := holds(t, openFile(t, path), numbered(1, acknowledged)); n != acknowledged {
			t.Fatalf("round %d: %d of %d are there", round, n, acknowledged)
		}
		from = acknowledged + 1
	}
}

func TestProcessesStoreInOneFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory")
	var cmds []*exec.Cmd
	for i := range 3 {
		cmd := storing(t, path, 1+i*200, 200)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		cmds = append(cmds, cmd)
	}
	for _, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	m := openFile(t, path)
	if n := holds(t, m, numbered(1, 600)); n != 600 || m.Stats().DamagedLines != 0 {
		t.Errorf("%d of 600 are there, %+v", n, m.Stats())
	}
}
