// Short remarks at the edge of the page, and what to do with a refusal.
import {useConfirm} from 'primevue/useconfirm'
import {useToast} from 'primevue/usetoast'
import {ref, type Ref} from 'vue'
import {t} from './i18n'

export interface Task {
  busy: Ref<boolean>
  error: Ref<string>
  /** Runs one thing at a time; a refusal is kept for the page to show. True: it was done. */
  run: (act: () => Promise<void>) => Promise<boolean>
}
export function useTask(): Task {
  const busy = ref(false)
  const error = ref('')
  async function run(act: () => Promise<void>): Promise<boolean> {
    busy.value = true
    error.value = ''
    try {
      await act()
      return true
    } catch (caught) {
      error.value = caught instanceof Error ? caught.message : String(caught)
      return false
    } finally {
      busy.value = false
    }
  }
  return {busy, error, run}
}
export function useNotice(): (summary: string) => void {
  const toast = useToast()
  return (summary) => toast.add({severity: 'success', summary, life: 4000})
}
/** Asks before something goes that does not come back. */
export function useQuestion(): (asked: {header: string; message: string; yes: string; act: () => unknown}) => void {
  const confirm = useConfirm()
  return ({header, message, yes, act}) =>
    confirm.require({
      header,
      message,
      acceptLabel: yes,
      rejectLabel: t('action.cancel'),
      rejectProps: {severity: 'secondary'},
      acceptProps: {severity: 'danger'},
      accept: () => void act()
    })
}
/** Gives the person a file. */
export function download(name: string, type: string, content: BlobPart): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], {type}))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
